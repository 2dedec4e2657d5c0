"""What the file of a young person shows of the way with them: case, goals, situation, absences, what is next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from goes_mobile.records.appointment import Appointment
from goes_mobile.records.referral import Referral
from goes_mobile.services import absences, cases, filed, goals, people, situations
from goes_mobile.services.absences import AbsenceView
from goes_mobile.services.cases import CaseView
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.goals import GoalView
from goes_mobile.services.names import named
from goes_mobile.services.situations import SituationView

SHOWN = ("absence_episode", "case", "goal", "referral", "situation")
"""The kinds that have a part of their own in the file; the others stand there as rows."""


@dataclass(frozen=True, slots=True)
class NextAppointment:
    id: str
    at: datetime
    what: str = field(repr=False)
    place: str = field(repr=False)
    member: Named | None
    partner: Named | None


@dataclass(frozen=True, slots=True)
class SentOn:
    """A referral to a partner, and whether they arrived there (a code of ``arrival``)."""

    id: str
    partner: Named | None
    sent_on: date
    arrived: str | None
    arrived_on: date | None


@dataclass(frozen=True, slots=True)
class Casework:
    """``case``: the one that runs. ``earlier``: those that are over."""

    case: CaseView | None
    earlier: list[CaseView]
    goals: list[GoalView]
    situation: SituationView | None
    absences: list[AbsenceView]
    referrals: list[SentOn]
    appointment: NextAppointment | None


@dataclass(frozen=True, slots=True)
class ClientView:
    """What can be turned to the young person: their words, what is next, who helps; no note."""

    alias: str = field(repr=False)
    goals: list[GoalView]
    appointment: NextAppointment | None
    helpers: list[Named]


def of_person(desk: Desk, person: str) -> Casework:
    found = cases.of_person(desk, person)
    return Casework(
        next((one for one in found if not one.over), None), [one for one in found if one.over],
        goals.of_person(desk, person), situations.of_person(desk, person), absences.of_person(desk, person),
        _referrals(desk, person), next_appointment(desk, person),
    )  # fmt: skip


def _referrals(desk: Desk, person: str) -> list[SentOn]:
    """To partners, the newest first; a file offered to a site is shown with whoever reads it."""
    found: list[Referral] = [one for one in filed.records(desk, "referral", person) if not one.to]
    return [
        SentOn(one.id, named(desk, "partner", one.partner), one.sent_on, one.arrived, one.arrived_on)
        for one in sorted(found, key=lambda r: (r.sent_on, r.id), reverse=True)
    ]


def next_appointment(desk: Desk, person: str) -> NextAppointment | None:
    """The next one that is still to come today or later."""
    found: list[Appointment] = filed.records(desk, "appointment", person)
    ahead = [one for one in found if one.kept is None and desk.day_of(one.at) >= desk.today]
    if not ahead:
        return None
    one = min(ahead, key=lambda a: (a.at, a.id))
    return NextAppointment(
        one.id, one.at, one.what, one.place, named(desk, "member", one.member), named(desk, "partner", one.partner)
    )


def client_view(desk: Desk, person: str) -> ClientView:
    """For a screen that the young person reads themselves."""
    found, work = people.get(desk, person), of_person(desk, person)
    ahead = work.appointment
    coach, others = people.coach(desk, found), [ahead.member, ahead.partner] if ahead else []
    helpers = {one.id: one for one in (coach, *others) if one is not None}
    return ClientView(found.alias, work.goals, ahead, list(helpers.values()))
