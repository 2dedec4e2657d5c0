"""Löschanträge: asking for a file or a record to be deleted, and the second person's yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import codes, registry
from goes_mobile.records.deletion_request import DeletionRequest
from goes_mobile.records.retention_hold import RetentionHold
from goes_mobile.services import sameness
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import name_of, named
from goes_mobile.store.change import Change

if TYPE_CHECKING:
    from goes_mobile.store.orders import OrderView

PERSON = "young_person"
REASONS = "deletion_reason"
BY_ITSELF = ("late", "moved")
"""Reasons that nobody chooses: devices ask by themselves."""
State = Literal["proposed", "declined", "released", "carried_out"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an order takes away."""

    kind: str
    id: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A request and how far it has come. ``asked`` and ``confirmed`` count devices; ``refusal`` says why this member
    cannot release it."""

    id: str
    action: str
    state: State
    reason: str
    text: str = field(repr=False)
    about: list[Subject]
    proposed_by: Named | None
    proposed_at: datetime | None
    released_by: Named | None
    released_at: datetime | None
    asked: int
    confirmed: int
    here: bool
    held_until: date | None
    refusal: str
    declined: str = field(default="", repr=False)
    """Why a supervisor said no."""
    declined_by: Named | None = None


def request(desk: Desk, kind: str, record: str, reason: str, text: str = "") -> list[Change]:
    """Who asks, and why: sealed beside what it is about, and deleted with it. Refused while somebody holds it."""
    if reason not in codes.codes(REASONS):
        raise InputRefused("unknown_reason", known=", ".join(codes.codes(REASONS)))
    found = desk.read.get(registry.kind(kind).cls, record)
    if found is None:
        raise InputRefused("unknown_record")
    until = held_until(desk, found.subject)
    if until is not None:
        raise InputRefused("held_until", until=until.isoformat())
    files = sameness.ids(desk, record) if kind == PERSON else [record]
    return [change for one in files for change in _request(desk, kind, one, reason, text)]


def _request(desk: Desk, kind: str, record: str, reason: str, text: str) -> list[Change]:
    found = desk.read.get(registry.kind(kind).cls, record)
    if found is None:
        raise InputRefused("unknown_record")
    values = {"site": found.site, "record_kind": kind, "record": record, "reason": reason, "text": text.strip()}
    return [Change("deletion_request", desk.new_id(), {**values, "person": found.subject})]


def propose(desk: Desk, kind: str, record: str, reason: str) -> list[str]:
    """The orders that a second person can release, once the request is on disk: one for each stream it lies in, one for
    each file of a young person."""
    orders = desk.archive.orders
    if kind == PERSON:
        return [orders.erase(person, reason) for person in sameness.ids(desk, record)]
    asked = [("deletion_request", request.id) for request in _requests(desk, [record])]
    return orders.redact([(kind, record), *asked], reason)


def may_release(desk: Desk, order: str) -> None:
    """Refuses if this member cannot say the second person's yes, or if it would come to nothing good."""
    line = next((line for line in lines(desk) if line.id == order), None)
    if line is None:
        raise InputRefused("unknown_order")
    if line.refusal:
        raise InputRefused(line.refusal, until=line.held_until)


def decline(desk: Desk, order: str, reason: str) -> list[Change]:
    """A supervisor's no, and why: kept beside the request, for whoever asked to read. Asking anew stays possible."""
    view = next((view for view in desk.archive.orders.all() if view.id == order), None)
    if view is None:
        raise InputRefused("unknown_order")
    if view.released_by:
        raise InputRefused("released_already")
    if not desk.me.supervises:
        raise InputRefused("only_supervisors_release")
    about = _about(view)
    if not about:
        raise InputRefused("order_unknown_here")
    if not reason.strip():
        raise InputRefused("decline_why")
    asked = _asked(desk, view)
    if asked:
        return [Change("deletion_request", found.id, {"declined": reason.strip()}) for found in asked]
    kind, record = about[0]
    [made] = _request(desk, kind, record, view.reason, "")
    return [replace(made, set={**made.set, "declined": reason.strip()})]


def lines(desk: Desk) -> list[OrderLine]:
    """All orders of the organisation, the newest first; what they are about only where this device may read it."""
    return [_line(desk, view) for view in desk.archive.orders.all()]


def waiting(desk: Desk) -> int:
    """How many this supervisor can release."""
    return sum(line.state == "proposed" and not line.refusal for line in lines(desk)) if desk.me.supervises else 0


def held_until(desk: Desk, person: str | None) -> date | None:
    """The day until which somebody must keep this young person's file."""
    if not person:
        return None
    query = select(RetentionHold).where(
        col(RetentionHold.person).in_(sameness.ids(desk, person)),
        RetentionHold.until >= desk.today,
        col(RetentionHold.deleted).is_(False),
    )
    return max((hold.until for hold in desk.read.exec(query)), default=None)


def requested(desk: Desk, record: str) -> bool:
    """Whether somebody has asked for this to be deleted, and nobody has said no."""
    return any(not found.declined for found in _requests(desk, [record]))


def _requests(desk: Desk, records: Sequence[str]) -> list[DeletionRequest]:
    query = select(DeletionRequest).where(
        col(DeletionRequest.record).in_(records), col(DeletionRequest.deleted).is_(False)
    )
    return list(desk.read.exec(query.order_by(col(DeletionRequest.created_at).desc())))


def _about(view: OrderView) -> list[tuple[str, str]]:
    """The records that an order takes away, without the request that goes with them."""
    return [named for named in view.about if named[0] != "deletion_request"]


def _asked(desk: Desk, view: OrderView) -> list[DeletionRequest]:
    """Who asked for it and why, the newest first. What devices ask for by themselves nobody has asked for."""
    found = _requests(desk, [record for _, record in _about(view)])
    alike = view.reason in BY_ITSELF
    return [request for request in found if (request.reason in BY_ITSELF) is alike]


def _line(desk: Desk, view: OrderView) -> OrderLine:
    about, asked = _about(view), _asked(desk, view)
    subjects = [Subject(kind, record, name_of(desk, kind, record)) for kind, record in about]
    held = max((until for kind, record in about if (until := _held(desk, kind, record))), default=None)
    no = asked[0] if asked and all(request.declined for request in asked) else None
    state: State = "proposed" if no is None else "declined"
    if view.released_by:
        state = "carried_out" if view.confirmed >= view.asked else "released"
    return OrderLine(
        view.id, view.action, state, view.reason, asked[0].text if asked else "", subjects,
        named(desk, "member", view.proposed_by), _moment(view.proposed_ms), named(desk, "member", view.released_by),
        _moment(view.released_ms), view.asked, view.confirmed, view.here, held,
        "declined_already" if state == "declined" else _refusal(desk, view, held),
        no.declined if no else "", named(desk, "member", no.changed_by or None) if no else None,
    )  # fmt: skip


def _refusal(desk: Desk, view: OrderView, held: date | None) -> str:
    if view.released_by:
        return "released_already"
    if not desk.me.supervises:
        return "only_supervisors_release"
    if view.proposed_by == desk.me.member:
        return "own_order"
    if not view.about:
        return "order_unknown_here"
    return "held_until" if held is not None else ""


def _held(desk: Desk, kind: str, record: str) -> date | None:
    found = desk.read.get(registry.kind(kind).cls, record) if registry.known(kind) else None
    return held_until(desk, found.subject) if found else None


def _moment(ms: int | None) -> datetime | None:
    return datetime.fromtimestamp(ms / 1000, UTC) if ms is not None else None
