"""Niemand geht verloren: whom nothing is planned for, who has not been met, whose way on nobody knows.

Each reason is one query over all files, never one for each person. A line stands with the coach from the day it
begins, with the site's supervisors after the grace time, and rests only while somebody has explained it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import exists, func
from sqlalchemy.sql.selectable import Exists, ScalarSelect
from sqlmodel import col, or_, select

from goes_mobile.records.appointment import Appointment
from goes_mobile.records.case import OVER, Case
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.explanation import Explanation
from goes_mobile.records.outcome import Outcome
from goes_mobile.records.participation import Participation
from goes_mobile.records.referral import Referral
from goes_mobile.records.task import Task
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import offers, organisation, sameness
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import name_of, named

Reason = Literal["no_contact", "no_step", "overdue", "arrival", "outcome", "offer"]
REASONS: tuple[Reason, ...] = ("no_contact", "no_step", "overdue", "arrival", "outcome", "offer")
MOMENTS = ("after_28_days", "after_6_months")
"""When an outcome is asked for, in the order of the preset's ``outcome_days``."""


@dataclass(frozen=True, slots=True)
class LostLine:
    """Why somebody may be getting lost. ``since``: how long it has been so; ``from_day``: when it became too long."""

    reason: Reason
    person: str
    alias: str = field(repr=False)
    since: date
    from_day: date
    days: int
    record: str
    """The case, task, referral or offer it is about."""
    what: str = field(default="", repr=False)
    """The partner, the task, the other site; the moment of an outcome."""
    case: str = ""
    coach: Named | None = None
    site: str = ""
    mine: bool = False
    rests: Explanation | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        return f"{self.reason}-{self.record}-{self.what if self.reason == 'outcome' else ''}"


def lines(desk: Desk) -> list[LostLine]:
    """What waits for me: as the coach at once, as the site's supervisor after the grace time; the longest first."""
    here = {member.id for member in organisation.members(desk)}
    found = [line for line in everything(desk) if line.rests is None and _concerns(desk, line, here)]
    return [line for line in found if not desk.archive.closed(line.person)]


def everything(desk: Desk) -> list[LostLine]:
    """Every line that this device can know of, also what rests or is still with the coach alone."""
    found = [*_no_contact(desk), *_no_step(desk), *_overdue(desk), *_arrival(desk), *_outcomes(desk), *_offers(desk)]
    once: dict[tuple[str, str, str], LostLine] = {}
    for line in sorted(found, key=lambda one: (one.from_day, one.alias.casefold(), one.record)):
        once.setdefault((line.reason, line.person, line.what if line.reason == "outcome" else ""), line)
    resting, same = _resting(desk), sameness.classes(desk)
    lines = [line for line in once.values() if not _answered_elsewhere(desk, line, same.ids(line.person))]
    return [
        replace(
            line, rests=next(filter(None, (resting.get((one, line.reason)) for one in same.ids(line.person))), None)
        )
        for line in lines
    ]


def _answered_elsewhere(desk: Desk, line: LostLine, files: Sequence[str]) -> bool:
    """Two files that are one person's: a contact or a step in the other one counts, too."""
    others = [one for one in files if one != line.person]
    if not others or line.reason not in ("no_contact", "no_step"):
        return False
    if line.reason == "no_step":
        steps = select(Task.id).where(
            col(Task.person).in_(others), col(Task.deleted).is_(False), col(Task.done_at).is_(None),
            col(Task.due).is_not(None),
        )  # fmt: skip
        return desk.read.exec(steps.limit(1)).first() is not None
    recent = desk.starts(desk.today - timedelta(weeks=desk.preset.lost_after_weeks) + timedelta(days=1))
    met = select(Encounter.id).where(
        col(Encounter.subject).in_(others), col(Encounter.deleted).is_(False), col(Encounter.at) >= recent
    )
    return desk.read.exec(met.limit(1)).first() is not None


def _concerns(desk: Desk, line: LostLine, here: set[str]) -> bool:
    """Where nobody of the team is responsible any more there is no grace time: nobody else would see it."""
    if line.mine or line.reason == "offer":  # whom an offer concerns is decided with the offers
        return line.mine
    coached = line.coach is not None and line.coach.id in here
    grace = timedelta(weeks=desk.preset.grace_weeks if coached else 0)
    return desk.me.supervises and line.site in desk.me.sites and line.from_day + grace <= desk.today


def _resting(desk: Desk) -> dict[tuple[str, str], Explanation]:
    query = select(Explanation).where(col(Explanation.deleted).is_(False), col(Explanation.until) >= desk.today)
    return {(one.person, one.reason): one for one in desk.read.exec(query.order_by(col(Explanation.until)))}


# -- reasons -----------------------------------------------------------------------------------------------------------


def _open(*asked: Any) -> Any:
    """Open cases with the alias, and what else is asked of them."""
    query = select(Case, YoungPerson.alias, *asked).join(YoungPerson, col(YoungPerson.id) == col(Case.person))
    return query.where(
        col(Case.deleted).is_(False), col(Case.state) == "open", col(YoungPerson.deleted).is_(False)
    )  # fmt: skip


def _no_contact(desk: Desk) -> Iterator[LostLine]:
    """Encounters, parts in groups and appointments that were kept are contact; an attempt is none."""
    too_long = timedelta(weeks=desk.preset.lost_after_weeks)
    alone = _latest(Encounter.at, col(Encounter.subject) == Case.person, col(Encounter.deleted).is_(False))
    in_group = (
        select(func.max(col(Encounter.at)))
        .join(Participation, col(Participation.encounter) == col(Encounter.id))
        .where(
            col(Participation.subject) == Case.person, col(Participation.deleted).is_(False),
            col(Encounter.deleted).is_(False),
        )
        .correlate(Case)
        .scalar_subquery()
    )  # fmt: skip
    kept = _latest(Appointment.at, *_of_case(Appointment), col(Appointment.kept).is_(True))
    for case, alias, *met in desk.read.exec(_open(alone, in_group, kept)):
        last = max([case.starts, *(desk.day_of(moment) for moment in met if moment)])
        if last + too_long <= desk.today:
            yield _of(desk, "no_contact", case, alias, last, last + too_long)


def _no_step(desk: Desk) -> Iterator[LostLine]:
    """Nothing with a day is planned, neither a task nor an appointment."""
    planned = exists().where(*_of_case(Task), col(Task.done_at).is_(None), col(Task.due).is_not(None))
    expected = exists().where(*_of_case(Appointment), col(Appointment.at) >= desk.now)
    done = _latest(Task.done_at, *_of_case(Task))
    was = _latest(Appointment.at, *_of_case(Appointment))
    query = _open(done, was).where(~_of_one(planned), ~_of_one(expected))
    for case, alias, *ended in desk.read.exec(query):
        since = max([case.starts, *(desk.day_of(moment) for moment in ended if moment)])
        yield _of(desk, "no_step", case, alias, since, since)


def _overdue(desk: Desk) -> Iterator[LostLine]:
    query = _open(Task).join(Task, col(Task.person) == col(Case.person))
    query = query.where(col(Task.deleted).is_(False), col(Task.done_at).is_(None), col(Task.due) < desk.today)
    for case, alias, task in desk.read.exec(query):
        line = _of(desk, "overdue", case, alias, task.due, task.due + timedelta(days=1))
        yield replace(line, record=task.id, what=task.title)


def _arrival(desk: Desk) -> Iterator[LostLine]:
    """Sent to a partner, and nobody knows whether they came there; without a case whoever sent them is responsible."""
    late = timedelta(days=desk.preset.arrival_days)
    coach = (
        select(Case.coach)
        .where(col(Case.person) == col(Referral.person), col(Case.deleted).is_(False), col(Case.state).not_in(OVER))
        .order_by(col(Case.starts).desc())
        .limit(1)
        .correlate(Referral)
        .scalar_subquery()
    )
    query = (
        select(Referral, YoungPerson.alias, coach)
        .join(YoungPerson, col(YoungPerson.id) == col(Referral.person))
        .where(
            col(Referral.deleted).is_(False), col(YoungPerson.deleted).is_(False), Referral.to == "",
            or_(col(Referral.arrived).is_(None), col(Referral.arrived) == "unknown"),
            col(Referral.sent_on) <= desk.today - late,
        )
    )  # fmt: skip
    for referral, alias, member in desk.read.exec(query):
        responsible = member or referral.created_by
        yield LostLine(
            "arrival", referral.person, alias, referral.sent_on, referral.sent_on + late,
            (desk.today - referral.sent_on).days, referral.id, name_of(desk, "partner", referral.partner or ""),
            coach=named(desk, "member", responsible or None), site=referral.site, mine=responsible == desk.me.member,
        )  # fmt: skip


def _outcomes(desk: Desk) -> Iterator[LostLine]:
    for moment, days in zip(MOMENTS, desk.preset.outcome_days, strict=False):
        told = exists().where(
            col(Outcome.person) == col(Case.person), col(Outcome.deleted).is_(False), col(Outcome.moment) == moment,
            or_(col(Outcome.case) == col(Case.id), col(Outcome.case).is_(None) & (col(Outcome.on) >= col(Case.ends))),
        )  # fmt: skip
        query = (
            select(Case, YoungPerson.alias)
            .join(YoungPerson, col(YoungPerson.id) == col(Case.person))
            .where(
                col(Case.deleted).is_(False), col(YoungPerson.deleted).is_(False), col(Case.state).in_(OVER),
                col(Case.ends) <= desk.today - timedelta(days=days), ~_of_one(told),
            )
        )  # fmt: skip
        for case, alias in desk.read.exec(query):  # without an end the query finds none
            due = (case.ends or desk.today) + timedelta(days=days)
            yield replace(_of(desk, "outcome", case, alias, due, due), what=moment)


def _offers(desk: Desk) -> Iterator[LostLine]:
    """Handovers that nobody accepts; they have a grace time of their own and concern both sites."""
    for late in offers.unanswered(desk):
        offer = late.offer
        other = offer.giver if late.step == "answer" else offer.to
        yield LostLine(
            "offer", offer.person, offer.alias, offer.since, offer.since + timedelta(days=desk.preset.offer_days),
            late.days, offer.id, other.name if other else "", coach=offer.offered_by,
            site=offer.giver.id if offer.giver else "", mine=True,
        )  # fmt: skip


def _of(desk: Desk, reason: Reason, case: Case, alias: str, since: date, from_day: date) -> LostLine:
    coach = case.coach or case.created_by
    return LostLine(
        reason, case.person, alias, since, from_day, (desk.today - since).days, case.id, case=case.id,
        coach=named(desk, "member", coach or None), site=case.site, mine=coach == desk.me.member,
    )  # fmt: skip


def _of_case(kind: Any) -> Sequence[Any]:
    return (kind.person == Case.person, col(kind.deleted).is_(False))


def _latest(moment: datetime | None, *where: Any) -> ScalarSelect[Any]:
    return select(func.max(col(moment))).where(*where).correlate(Case).scalar_subquery()


def _of_one(found: Exists) -> Exists:
    return found.correlate(Case)
