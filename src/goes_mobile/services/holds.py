"""Aufbewahrung (Löschsperre): why a young person's file must not be deleted yet, and until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.retention_hold import RetentionHold
from goes_mobile.services import people, sameness
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named
from goes_mobile.store.change import Change


@dataclass(frozen=True, slots=True)
class HoldLine:
    """``over``: its day has passed, so it holds nothing any more."""

    id: str
    reason: str = field(repr=False)
    until: date
    by: Named | None
    over: bool


def of_person(desk: Desk, person: str) -> list[HoldLine]:
    """The longest first."""
    query = select(RetentionHold).where(
        col(RetentionHold.person).in_(sameness.ids(desk, person)), col(RetentionHold.deleted).is_(False)
    )
    return [
        HoldLine(
            found.id, found.reason, found.until, named(desk, "member", found.created_by or None),
            found.until < desk.today,
        )
        for found in desk.read.exec(query.order_by(col(RetentionHold.until).desc()))
    ]  # fmt: skip


def hold(desk: Desk, person: str, reason: str, until: date | None) -> list[Change]:
    """For supervisors; it counts on every device, and for requests that are open already."""
    site = people.get(desk, person).site
    if not desk.me.supervises:
        raise InputRefused("only_supervisors_hold")
    if not reason.strip():
        raise InputRefused("hold_why", field="reason")
    if until is None or until <= desk.today:
        raise InputRefused("hold_future", field="until")
    values = {"person": person, "site": site, "reason": reason.strip(), "until": until}
    return [Change("retention_hold", desk.new_id(), values)]


def lift(desk: Desk, hold_id: str) -> list[Change]:
    """It can be undone; who held and who lifted stays in its history."""
    if desk.read.get(RetentionHold, hold_id) is None:
        raise InputRefused("unknown_record")
    if not desk.me.supervises:
        raise InputRefused("only_supervisors_hold")
    return [Change("retention_hold", hold_id, delete=True)]


def put_back(desk: Desk, hold_id: str) -> list[Change]:
    if desk.read.get(RetentionHold, hold_id) is None:
        raise InputRefused("unknown_record")
    return [Change("retention_hold", hold_id, {"deleted": False})]
