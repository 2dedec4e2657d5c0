"""Gefährdungen (§ 8a SGB VIII): what was reported, for its author and the site's supervisors alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from goes_mobile.records.protection_concern import ProtectionConcern
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """``decided``: somebody has written down what is to happen."""

    id: str
    at: datetime
    urgency: str
    person: Named | None = field(repr=False)
    author: Named | None
    decided: bool


def lines(desk: Desk) -> list[ConcernLine]:
    """All that this device may read, newest first."""
    query = select(ProtectionConcern).where(col(ProtectionConcern.deleted).is_(False))
    return [_line(desk, one) for one in desk.read.exec(query.order_by(col(ProtectionConcern.at).desc()))]


def undecided(desk: Desk) -> list[ConcernLine]:
    """For supervisors: those of their sites that nobody has decided on, the most urgent first."""
    if not desk.me.supervises:
        return []
    query = select(ProtectionConcern).where(
        col(ProtectionConcern.deleted).is_(False), ProtectionConcern.decided == "",
        col(ProtectionConcern.site).in_(desk.me.sites),
    )  # fmt: skip
    found = [_line(desk, one) for one in desk.read.exec(query.order_by(col(ProtectionConcern.at)))]
    return sorted(found, key=lambda one: URGENCIES.index(one.urgency) if one.urgency in URGENCIES else 0)


URGENCIES = ("now", "soon", "watch")
"""The codes of the list, the most urgent first; one that this version does not know counts as the most urgent."""


def _line(desk: Desk, one: ProtectionConcern) -> ConcernLine:
    return ConcernLine(
        one.id, one.at, one.urgency, named(desk, "young_person", one.person),
        named(desk, "member", one.created_by or None), bool(one.decided.strip()),
    )  # fmt: skip
