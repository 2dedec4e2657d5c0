"""Who it was with: anonymous by default, somebody with a file, or a group that is counted."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.draft import DraftPerson
from goes_mobile.state.capture import Capture, Mark
from goes_mobile.state.person_search import PersonSearch
from goes_mobile.ui.codes import options
from goes_mobile.ui.components import (
    ActionChip,
    AgeCells,
    Card,
    Chip,
    Chips,
    Label,
    Section,
    Tally,
    use_sheet,
)
from goes_mobile.ui.frame import app
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.screens.capture.hand import Hand
from goes_mobile.ui.screens.capture.hints import hints
from goes_mobile.ui.screens.capture.person import GenderCells, PersonSheet
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import M


def bands(view: Capture) -> list[tuple[str, str]]:
    """The age bands; "unbekannt" only where somebody was counted so."""
    counted = view.at_hand.counts
    return [(o.value, o.text) for o in options("age_band") if o.value != "unknown" or "unknown" in counted]


def genders() -> list[tuple[str, str]]:
    return [(option.value, option.text) for option in options("gender")]


@component
def Who(hand: Hand, mark: Mark) -> ft.Control:
    finding, set_finding = ft.use_state(False)
    search: ft.Ref[PersonSearch] = ft.use_ref(None)
    view = hand.view

    def find() -> None:
        search.current = PersonSearch(app())
        set_finding(True)

    def close() -> None:
        set_finding(False)

    def take(person: DraftPerson) -> None:
        view.add(person)
        close()

    use_sheet(finding, lambda: PersonSheet(hand, search.current, take, close), close)
    draft = view.at_hand
    if draft.setting != "single":
        return _Group(view, find)
    known = [_known(view, person) for person in draft.people]
    chips = Chips(
        Chip(t("capture.anonymous"), not known, lambda on: _anonymous(view, on)),
        *known,
        ActionChip(t("capture.find_person"), find, icon=ft.Icons.SEARCH),
    )
    parts: list[ft.Control] = [chips]
    if not known:
        parts += [
            AgeCells(bands(view), draft.age, lambda age: view.put("who", age=age)),
            GenderCells(draft.gender, lambda gender: view.again("who", "gender", gender)),
        ]
    return Section(t("capture.who"), *parts, *hints(view, "people", "head_counts"), spacing=M)


def _anonymous(view: Capture, on: bool) -> None:
    """Anonymous again: whoever was chosen is not. Being anonymous is not something one can switch off."""
    for person in view.at_hand.people if on else []:
        view.remove(person.id)
    view.mark("who").touch()


def _known(view: Capture, person: DraftPerson) -> ft.Control:
    return Chip(person.alias, True, lambda on: view.remove(person.id), key=person.id)


def _Group(view: Capture, find: object) -> ft.Control:
    draft = view.at_hand
    counts = {(age, gender): n for age, row in draft.counts.items() for gender, n in row.items()}
    tally = Tally(
        bands(view),
        genders(),
        counts,
        view.count,
        on_undo=view.undo_count,
        note=t("capture.separate", n=draft.separate) if draft.separate else "",
    )
    known = Chips(
        *(_known(view, person) for person in draft.people),
        ActionChip(t("capture.find_person"), find, icon=ft.Icons.SEARCH),  # type: ignore[arg-type]
    )
    who = ft.Column([Label(t("capture.known")), known], spacing=6, tight=True)
    return Section(
        t("capture.who_was"),
        Card(tally, who),
        *hints(view, "people"),
        hint="" if look().compact else t("capture.tally_hint"),
    )
