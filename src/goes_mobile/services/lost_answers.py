"""What people answer on *Niemand geht verloren*: reached, not reached, handed over, explained."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import codes
from goes_mobile.records.case import OVER, Case
from goes_mobile.records.referral import Referral
from goes_mobile.services import people
from goes_mobile.services.desk import Desk
from goes_mobile.services.lost import Reason
from goes_mobile.store.change import Change

TRIED = {"de": "Nicht erreicht", "en": "Not reached"}
AGAIN = {"de": "Wieder versuchen", "en": "Try again"}


def reached(desk: Desk, person: str) -> list[Change]:
    """A short contact by phone; what was said can be added to it later."""
    values = {
        "at": desk.now, "people": [person], "place": "phone", "setting": "single",
        "work_form": "single_advice", "contact_type": "repeat", "site": people.get(desk, person).site,
    }  # fmt: skip
    return [Change("encounter", desk.new_id(), values)]


def not_reached(desk: Desk, person: str, reason: Reason, again: date) -> list[Change]:
    """The attempt is noted as a task that is done: it is work, but no contact, and counts as none. The next one is a
    task of its own, and until then the line rests."""
    if again <= desk.today:
        raise InputRefused("in_the_past", field="again")
    common = {"person": person, "site": people.get(desk, person).site, "assignee": desk.me.member}
    done = {**common, "title": TRIED[desk.language], "due": desk.today, "done_at": desk.now}
    next_time = {**common, "title": AGAIN[desk.language], "due": again}
    return [
        Change("task", desk.new_id(), done), Change("task", desk.new_id(), next_time),
        *explain(desk, person, reason, "tried", again),
    ]  # fmt: skip


def explain(desk: Desk, person: str, reason: Reason, because: str, until: date, words: str = "") -> list[Change]:
    """The line rests up to and with that day; then it is back, unless its reason is gone."""
    if because not in codes.codes("lost_because", desk.preset):
        raise InputRefused("required", field="because")
    if until <= desk.today:
        raise InputRefused("in_the_past", field="until")
    values = {
        "person": person, "site": people.get(desk, person).site, "reason": reason, "because": because, "until": until,
    }  # fmt: skip
    if words.strip():
        values["words"] = words.strip()
    return [Change("explanation", desk.new_id(), values)]


def hand_over(desk: Desk, person: str, member: str) -> list[Change]:
    """All that is still accompanied of somebody goes to a colleague."""
    query = select(Case).where(
        Case.person == person, col(Case.deleted).is_(False), col(Case.state).not_in(OVER), Case.coach != member
    )
    return [Change("case", case.id, {"coach": member}) for case in desk.read.exec(query)]


def arrived(desk: Desk, referral: str) -> list[Change]:
    """They came to the partner."""
    if desk.read.get(Referral, referral) is None:
        raise InputRefused("unknown_record", field="id")
    return [Change("referral", referral, {"arrived": "yes", "arrived_on": desk.today})]
