"""The desk: everything a service may look at. Actions answer with a plan (`list[Change]`), queries with a dataclass.

Nothing here reads a clock, makes an id, or touches disk or network by itself; the composition root sets the desk up
inside the store's lane, tests set one up in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any, Literal, Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session

if TYPE_CHECKING:
    from goes_mobile.protocol.blobs import BlobRef
    from goes_mobile.protocol.merge import Registers
    from goes_mobile.records.presets import Preset
    from goes_mobile.store.blobs import BlobState
    from goes_mobile.store.endings import Ending
    from goes_mobile.store.model import ClockSlip, Counts, Delivery, Finding, Held, HistoryItem, Hit, Waiting
    from goes_mobile.store.orders import OrderView
    from goes_mobile.store.projection import Followed
    from goes_mobile.store.readers import Reader

Role = Literal["outreach", "office", "supervisor", "admin"]
Language = Literal["de", "en"]
Versions = Mapping[str, tuple[bytes, ...]]
BERLIN = ZoneInfo("Europe/Berlin")


class Drafts(Protocol):
    """Sealed rows that belong to this device alone."""

    def save(self, key: str, value: dict[str, Any]) -> None: ...

    def load(self, key: str) -> dict[str, Any] | None: ...

    def list(self) -> Sequence[str]: ...

    def drop(self, key: str) -> None: ...


class Blobs(Protocol):
    """Sealed photos and documents beside the records."""

    def ask(self, blob: bytes) -> None: ...

    def state(self, ref: BlobRef) -> BlobState: ...

    def read(self, ref: BlobRef) -> bytes: ...


class OrderBook(Protocol):
    """Erasures and redactions: asked for by one, released by another."""

    def erase(self, person: str, reason: str) -> str: ...

    def redact(self, records: Sequence[tuple[str, str]], reason: str) -> list[str]: ...

    def all(self) -> Sequence[OrderView]: ...


class Archive(Protocol):
    """What a service asks the store beyond plain SQL."""

    @property
    def drafts(self) -> Drafts: ...

    @property
    def blobs(self) -> Blobs: ...

    @property
    def orders(self) -> OrderBook: ...

    def readers(self, person: str) -> Sequence[Reader]: ...

    def trace_id(self, person: str, month: str) -> str: ...

    def follow(self, kind: str) -> Followed: ...

    def endings(self) -> Sequence[Ending]: ...

    def member_of(self, device: bytes) -> str: ...

    def closed(self, person: str) -> bool: ...

    def search(self, text: str, kinds: Collection[str] | None = None, limit: int = 50) -> Sequence[Hit]: ...

    def history(self, kind: str, record: str) -> Sequence[HistoryItem]: ...

    def versions(self, kind: str, record: str) -> Versions: ...

    def registers(self, kind: str, record: str) -> Registers: ...

    def delivery(self, kind: str, record: str) -> Delivery: ...

    def counts(self) -> Counts: ...

    def held(self) -> Sequence[Held]: ...

    def findings(self) -> Sequence[Finding]: ...

    def see_findings(self) -> None: ...

    def waiting(self, max_entries: int = 500, max_bytes: int = 1 << 20, after_seq: int = 0) -> Sequence[Waiting]: ...

    def clock_slips(self) -> Sequence[ClockSlip]: ...

    def settle_clock_slips(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Me:
    """Who works here: a member on one device."""

    member: str
    device: str
    role: Role
    sites: tuple[str, ...]
    name: str = field(default="", repr=False)

    @property
    def site(self) -> str:
        """Where new records belong unless an outing or a person says otherwise."""
        return self.sites[0] if self.sites else ""

    @property
    def supervises(self) -> bool:
        return self.role == "supervisor"


@dataclass(frozen=True, slots=True)
class Named:
    """A reference with the name to show for it."""

    id: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """One look at the projection, by one member, at one moment."""

    read: Session = field(repr=False)
    me: Me
    now: datetime
    new_id: Callable[[], str] = field(repr=False)
    preset: Preset = field(repr=False)
    archive: Archive = field(repr=False)
    zone: tzinfo = BERLIN
    language: Language = "de"
    said: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)
    """Names that were looked up: a long list asks for each member and each place once."""

    @property
    def today(self) -> date:
        """The day where the work is done, not in UTC."""
        return self.now.astimezone(self.zone).date()

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def starts(self, day: date) -> datetime:
        """The moment a local day begins, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
