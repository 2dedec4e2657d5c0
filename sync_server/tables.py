"""The server's tables. Every key begins with the organisation, so that a distributed PostgreSQL can shard by it.

Ids, hashes and keys are bytes; times are milliseconds since 1970. There is no name and no word of anybody's in here.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Bytes(LargeBinary):
    """Both drivers take and give bytes as they are; SQLAlchemy's wrapping costs a tenth of a push."""

    cache_ok = True

    def bind_processor(self, dialect: Any) -> None:
        return None

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None


class Table(SQLModel, registry=registry()):
    """A registry of its own: a process that runs client and server has two kinds of ``Session``."""


def table(kind: type[Table]) -> CoreTable:
    """The Core table of a class, for statements in bulk."""
    return kind.__table__  # type: ignore[attr-defined, no-any-return]


def tables(*kinds: type[Table]) -> tuple[CoreTable, ...]:
    return tuple(map(table, kinds))


def _id() -> bytes:
    """Part of the primary key."""
    return Field(sa_column_kwargs={"nullable": False}, sa_type=Bytes, primary_key=True)  # type: ignore[no-any-return]


def _bytes() -> bytes:
    return Field(sa_type=Bytes)  # type: ignore[no-any-return]


def _number() -> int:
    return Field(sa_type=BigInteger, default=0)  # type: ignore[no-any-return]


class ServerKey(Table, table=True):
    """The one secret of this server: from it come its signing key, its challenges and its cursors' marks."""

    __tablename__ = "server_key"
    id: int = Field(default=1, primary_key=True)
    seed: bytes = _bytes()
    server_id: bytes = _bytes()
    created_ms: int = _number()


class SetupToken(Table, table=True):
    """Who holds the token may found one organisation."""

    __tablename__ = "setup_token"
    hash: bytes = _id()
    created_ms: int = _number()
    used_by: bytes | None = Field(default=None, sa_type=Bytes)


class Organisation(Table, table=True):
    """The counter row: whoever holds its lock assigns the feed's next numbers."""

    __tablename__ = "organisation"
    id: bytes = _id()
    number: int = _number()
    feed_hash: bytes = _bytes()
    incarnation: bytes = _bytes()
    incarnations: bytes = _bytes()  # all it ever had, 16 bytes each
    awaiting_control: bool = False
    control_position: int = _number()
    audit_number: int = _number()
    audit_hash: bytes = _bytes()
    created_ms: int = _number()


class EntryRow(Table, table=True):
    """The feed: entries as they came, numbered."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("organisation", "stream", "position"),
        # The random run first: with n it finds an entry by itself, so no planner can choose another index for that.
        UniqueConstraint("organisation", "run", "n", "device", "stream"),
    )
    organisation: bytes = _id()
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    stream: bytes = _bytes()
    position: int = _number()
    device: bytes = _bytes()
    run: bytes = _bytes()
    n: int = _number()
    hash: bytes = _bytes()
    running: bytes = _bytes()
    feed_hash: bytes = _bytes()
    received_ms: int = _number()
    checksum: int = _number()  # of the bytes that no hash covers, too: the time, the signatures inside a chain
    raw: bytes = _bytes()


class Stream(Table, table=True):
    """The end of each stream."""

    __tablename__ = "stream"
    organisation: bytes = _id()
    stream: bytes = _id()
    position: int = _number()
    running: bytes = _bytes()


class Chain(Table, table=True):
    """The end of each chain. The random run comes first in the key: it finds a batch's chains by itself."""

    __tablename__ = "chain"
    organisation: bytes = _id()
    run: bytes = _id()
    device: bytes = _id()
    stream: bytes = _id()
    n: int = _number()
    hash: bytes = _bytes()


class Epoch(Table, table=True):
    """A stream's epochs that count."""

    __tablename__ = "epoch"
    organisation: bytes = _id()
    stream: bytes = _id()
    epoch: bytes = _id()
    replaced: bool = False


class EpochGrant(Table, table=True):
    """To whom an epoch was granted: groups and principals."""

    __tablename__ = "epoch_grant"
    organisation: bytes = _id()
    stream: bytes = _id()
    epoch: bytes = _id()
    recipient: bytes = _id()


class Recipient(Table, table=True):
    """The access list: who is granted a live epoch, and who was, up to the record that ended it. Derived from the two
    above, kept for the queries."""

    __tablename__ = "recipient"
    __table_args__ = (Index("recipient_streams", "organisation", "recipient", "stream"),)
    organisation: bytes = _id()
    stream: bytes = _id()
    recipient: bytes = _id()
    upto: int | None = Field(default=None, sa_type=BigInteger)  # the position at which it ended


class Blob(Table, table=True):
    """A blob that somebody began: of how many chunks it will be."""

    __tablename__ = "blob"
    organisation: bytes = _id()
    stream: bytes = _id()
    blob: bytes = _id()
    count: int = _number()


class BlobChunk(Table, table=True):
    """A sealed chunk. The blob's random id comes first in the key: it finds the chunks by itself."""

    __tablename__ = "blob_chunk"
    organisation: bytes = _id()
    blob: bytes = _id()
    stream: bytes = _id()
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    checksum: int = _number()
    sealed: bytes = _bytes()


class Session(Table, table=True):
    __tablename__ = "session"
    organisation: bytes = _id()
    token: bytes = _id()  # SHA-256 of it
    principal: bytes = _bytes()
    version: int = 1
    expires_ms: int = _number()


class DeliveryToken(Table, table=True):
    __tablename__ = "delivery_token"
    __table_args__ = (UniqueConstraint("organisation", "hash"),)
    organisation: bytes = _id()
    device: bytes = _id()
    hash: bytes = _bytes()


class Welcome(Table, table=True):
    """What an invite finds here, sealed for its code. Whoever asks knows only the look-up id."""

    __tablename__ = "welcome"
    organisation: bytes = _id()
    lookup: bytes = Field(sa_type=Bytes, primary_key=True, index=True)
    author: bytes = _bytes()
    invite: bytes = _bytes()
    sealed: bytes = _bytes()
    expires_ms: int = _number()


class Contact(Table, table=True):
    """When a device was last heard of, to the minute."""

    __tablename__ = "contact"
    organisation: bytes = _id()
    device: bytes = _id()
    at_ms: int = _number()


class Audit(Table, table=True):
    """Append-only, hash-chained: what was done here, by which principal and member. Ids only."""

    __tablename__ = "audit"
    organisation: bytes = _id()
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at_ms: int = _number()
    event: str = Field(sa_type=String)
    principal: bytes = _bytes()
    member: bytes = _bytes()
    hash: bytes = _bytes()
