"""Signed records that are not secret (suite 0): what makes keys, members and orders checkable by everyone.

In the control log: founding, certificates, group epochs and grants, revocations, orders, escrows. In every other
stream: its own epochs and grants, so that a stream carries its keys with it. No field holds a name or a free text.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.problems import Malformed
from goes_mobile.protocol.streams import GroupType, StreamType

Role = Literal["outreach", "office", "supervisor", "admin"]
Reason = Literal["lost", "stolen", "left", "replaced", "suspected"]
Id = Annotated[bytes, Field(min_length=16, max_length=16)]
Key = Annotated[bytes, Field(min_length=32, max_length=32)]
Number = Annotated[int, Field(ge=0, le=2**62)]  # positions and moments in ms: what a database's integers hold


class Clear(BaseModel):
    """Common to all: unknown fields of a newer version are kept and ignored."""

    model_config = ConfigDict(frozen=True, extra="allow")
    type: str


class Sealed(BaseModel):
    """One grant: a key HPKE-sealed to a principal or to a group's epoch."""

    model_config = ConfigDict(frozen=True, extra="allow")
    to: Id
    to_epoch: bytes = b""  # a group's epoch; empty for a principal
    sealed: bytes = Field(repr=False)


class Founding(Clear):
    """First entry of the control log, by the root key. The organisation's id is the root's principal id."""

    type: Literal["founding"] = "founding"
    root_sign: Key
    recovery_kem: Key
    server_sign: Key


class Administrator(Clear):
    """The root certifies an administrator's device."""

    type: Literal["administrator"] = "administrator"
    sign: Key
    kem: Key
    member: Id
    role: Role = "admin"
    sites: tuple[str, ...] = ()
    at: Number = 0


class Invite(Clear):
    """An administrator (or a supervisor, below themselves, for their own sites) certifies an invite's keys."""

    type: Literal["invite"] = "invite"
    sign: Key
    kem: Key
    member: Id
    role: Role
    sites: tuple[str, ...] = ()
    expires_at: Number


class Device(Clear):
    """The invite certifies the keys of the one device enrolled with it; member, role and sites are the invite's."""

    type: Literal["device"] = "device"
    sign: Key
    kem: Key
    at: Number


class Epoch(Clear):
    """A new key of a group (in the control log) or of a stream (in that stream), with its first grants."""

    type: Literal["epoch"] = "epoch"
    owner_type: GroupType | StreamType
    owner: Id
    subject: str = ""  # a site's id; empty for persons: a stream never says whom it is about
    epoch: Id
    kem: bytes = b""  # the group's public key; empty for streams
    replaces: tuple[bytes, ...] = ()
    grants: tuple[Sealed, ...] = ()


class Grant(Clear):
    """A later grant of an existing epoch to somebody more."""

    type: Literal["grant"] = "grant"
    owner: Id
    epoch: Id
    grants: tuple[Sealed, ...]


class Revocation(Clear):
    """Authority of a device ended after these positions; its later entries are *late*."""

    type: Literal["revocation"] = "revocation"
    device: Id
    reason: Reason
    control_position: Number
    positions: dict[Id, Number] = {}


class RoleChange(Clear):
    """A member's role and sites from here on, for all their devices."""

    type: Literal["role_change"] = "role_change"
    member: Id
    role: Role
    sites: tuple[str, ...] = ()


class Order(Clear):
    """Erasure of a stream or redaction of one record: proposed by one, released by a second person.

    ``entries`` are hashes of entries (32 bytes) and, of a record with a file, its blobs' ids (16 bytes).
    """

    type: Literal["order"] = "order"
    order: Id
    action: Literal["erase", "redact"]
    stream: Id
    entries: tuple[bytes, ...] = ()
    reason: str = ""  # a code


class Release(Clear):
    type: Literal["release"] = "release"
    order: Id


class Confirmation(Clear):
    """This device has carried out the order: the proof."""

    type: Literal["confirmation"] = "confirmation"
    order: Id


class LateDecision(Clear):
    """A supervisor's decision about entries that came after their author's authority had ended."""

    type: Literal["late_decision"] = "late_decision"
    entries: tuple[bytes, ...]
    accept: bool


class Escrow(Clear):
    """A device's vault key sealed to supervisors (forgotten PIN) and to the recovery sheet."""

    type: Literal["escrow"] = "escrow"
    grants: tuple[Sealed, ...]


Known = (
    Founding | Administrator | Invite | Device | Epoch | Grant | Revocation | RoleChange | Order | Release
    | Confirmation | LateDecision | Escrow
)  # fmt: skip
_ADAPTER: TypeAdapter[Known] = TypeAdapter(Annotated[Known, Field(discriminator="type")])
TYPES = frozenset(model.model_fields["type"].default for model in Known.__args__)


def encode(record: Clear) -> bytes:
    """The clear body of an entry."""
    return pack(record.model_dump(mode="python"))


def decode(data: bytes) -> Known | None:
    """The record of a clear body; ``None`` for a type this version does not know (kept, passed on)."""
    value: Any = unpack(data)
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise Malformed("undecodable", reason="clear record")
    if value["type"] not in TYPES:
        return None
    try:
        return _ADAPTER.validate_python(value)
    except ValidationError as error:
        raise Malformed("undecodable", reason="clear record", errors=error.error_count()) from None
