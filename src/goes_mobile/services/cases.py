"""Begleitung: begun, paused, taken up again, closed with a reason, an end and where the way leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records.case import OVER, Case
from goes_mobile.services import entries, filed, people
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import named
from goes_mobile.store.change import Change

AT_EXIT = "at_exit"
LOST_CONTACT = "lost_contact"


@dataclass(frozen=True, slots=True)
class CaseView:
    id: str
    state: str
    starts: date
    ends: date | None
    access_route: str | None
    module: str | None
    end_reason: str | None
    coach: Named | None

    @property
    def over(self) -> bool:
        return self.state in OVER


@dataclass(slots=True)
class CaseEnd:
    """What closing asks for: when, why, and where somebody is now (codes of ``end_reason``, ``destination`` …)."""

    ends: date | None = None
    end_reason: str | None = None
    destination: str | None = None
    qualification: str | None = None
    how_known: str | None = None


def of_person(desk: Desk, person: str) -> list[CaseView]:
    """The one that runs first, then the newest."""
    found: list[Case] = filed.records(desk, "case", person)
    ordered = sorted(found, key=lambda c: (c.state not in OVER, c.starts, c.id), reverse=True)
    return [
        CaseView(
            one.id, one.state, one.starts, one.ends, one.access_route, one.module, one.end_reason,
            named(desk, "member", one.coach),
        )
        for one in ordered
    ]  # fmt: skip


def begin(desk: Desk, person: str) -> list[Change]:
    """From today, with whoever begins it; the way in and the module can be added any time."""
    found = people.get(desk, person)
    if any(not one.over for one in of_person(desk, person)):
        raise InputRefused("case_runs", field="state")
    values = {
        "person": person, "site": found.site, "starts": desk.today, "coach": desk.me.member, "state": "open",
    }  # fmt: skip
    return [Change("case", desk.new_id(), values)]


def pause(desk: Desk, case: str) -> list[Change]:
    return _turn(desk, case, {"state": "paused"})


def resume(desk: Desk, case: str) -> list[Change]:
    """It goes on after a pause."""
    return _turn(desk, case, {"state": "open"})


def close(desk: Desk, case: str, form: CaseEnd) -> list[Change]:
    """The end, its reason, and the outcome at the exit as a record of its own. Who lost contact is *lost*."""
    found: Case = entries.get(desk, "case", case)
    for name in ("ends", "end_reason", "destination"):
        if not getattr(form, name):
            raise InputRefused("required", field=name)
    assert form.ends is not None
    if form.ends < found.starts:
        raise InputRefused("ends_before_start", field="ends")
    state = "lost" if form.end_reason == LOST_CONTACT else "closed"
    outcome = {
        "person": found.person, "site": found.site, "case": case, "moment": AT_EXIT, "on": form.ends,
        "destination": form.destination, "qualification": form.qualification, "how_known": form.how_known,
    }  # fmt: skip
    return [
        *_turn(desk, case, {"state": state, "ends": form.ends, "end_reason": form.end_reason}),
        Change("outcome", desk.new_id(), {name: value for name, value in outcome.items() if value is not None}),
    ]


def reopen(desk: Desk, case: str, outcome: str) -> list[Change]:
    """It was closed by mistake: as it was before, without the outcome that came with the end."""
    back = _turn(desk, case, {"state": "open", "ends": None, "end_reason": None})
    return [*back, *entries.delete(desk, "outcome", outcome)]


def _turn(desk: Desk, case: str, told: Mapping[str, Any]) -> list[Change]:
    entries.get(desk, "case", case)
    return [Change("case", case, dict(told))]
