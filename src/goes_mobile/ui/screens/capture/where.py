"""Where and when: inherited, one line; a tap opens what can be changed about it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import flet as ft

from goes_mobile.state.capture import Capture, Mark
from goes_mobile.ui.codes import capital, options
from goes_mobile.ui.components import (
    Card,
    Choice,
    DateField,
    Field,
    Icon,
    Option,
    PickField,
    PickSheet,
    Segment,
    Side,
    TextAction,
    TimeField,
    Words,
    use_sheet,
)
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.places import MunicipalityField
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.screens.capture.hand import Hand
from goes_mobile.ui.screens.capture.hints import hints
from goes_mobile.ui.text import clock, local, short_day, t
from goes_mobile.ui.theme import CARD, L, M


@component
def Head(hand: Hand, mark: Mark) -> ft.Control:
    """Where, when, one or several; below it what can be changed about the place, once it is opened."""
    opened, set_opened = ft.use_state(False)
    view = hand.view
    where = _where(view, opened, lambda: set_opened(not opened))
    head = Side(where, _setting(view))
    if not opened:
        return head
    return ft.Column(
        [head, _Panel(hand, mark, lambda: set_opened(False))],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _setting(view: Capture) -> ft.Control:
    return Segment(
        [
            Choice(False, t("capture.single"), ft.Icons.PERSON_OUTLINED),
            Choice(True, t("capture.group"), ft.Icons.GROUPS_OUTLINED),
        ],
        view.at_hand.setting != "single",
        view.set_group,
    )


def _where(view: Capture, opened: bool, on_press: Any) -> ft.Control:
    shown = look()
    p = shown.palette
    draft = view.at_hand
    here = local(draft.at)
    day = "" if here.date() == view.today else short_day(draft.at)
    said = joined(view.where or t("capture.where_missing"), joined(day, clock(draft.at)))
    words = Words(said, "label", p.on_primary_container, semantics_label=t("capture.where_named", where=said))
    words.expand = True
    return ft.Container(
        content=ft.Row(
            [
                Icon(ft.Icons.PLACE_OUTLINED, p.on_primary_container, 24),
                words,
                Icon(ft.Icons.EXPAND_LESS if opened else ft.Icons.EDIT_OUTLINED, p.on_primary_container, 22),
            ],
            spacing=M,
        ),
        padding=ft.Padding.symmetric(horizontal=L, vertical=13),
        bgcolor=p.primary_container,
        border_radius=CARD,
        border=ft.Border.all(p.border, p.outline) if shown.theme == "sun" else None,
        ink=True,
        on_click=guarded(on_press),
    )


@component
def _Panel(hand: Hand, mark: Mark, on_close: Any) -> ft.Control:
    sheet, set_sheet = ft.use_state("")
    view = hand.view
    draft = view.at_hand
    choices = view.choices

    def close() -> None:
        set_sheet("")

    def draw() -> ft.Control:
        if sheet == "site":
            sites = [Option(site.id, site.name) for site in choices.sites]
            return PickSheet(t("capture.site"), sites, draft.site, lambda site: view.put("place", site=site), close)
        return PickSheet(t("capture.place"), _places(view), _chosen(view), lambda place: _go(view, place), close)

    use_sheet(bool(sheet), draw, close)
    here = local(draft.at)

    def on_day(day: date | None) -> None:
        if day is not None:
            view.move(day=day)

    def on_clock(at: time | None) -> None:
        if at is not None:
            view.move(clock=at)

    when = Side(
        DateField(t("capture.day"), here.date(), on_day, optional=False),
        TimeField(t("capture.clock"), here.time().replace(second=0, microsecond=0), on_clock),
    )
    parts: list[ft.Control] = [PickField(t("capture.place"), _place_words(view), lambda: set_sheet("place"))]
    if draft.stop is None:
        parts.append(
            Side(
                Field(t("capture.place_note"), draft.place_note, view.say_place, hint=t("capture.place_hint")),
                MunicipalityField(t("capture.municipality"), draft.municipality, view.in_municipality),
            )
        )
    parts += [when, *hints(view, "at")]
    if len(choices.sites) > 1:
        name = next((site.name for site in choices.sites if site.id == draft.site), "")
        parts.append(PickField(t("capture.site"), name, lambda: set_sheet("site")))
    parts.append(
        ft.Row([TextAction(t("capture.where_done"), on_close, icon=ft.Icons.CHECK)], alignment=ft.MainAxisAlignment.END)
    )
    return Card(*parts, spacing=L)


def _places(view: Capture) -> list[Option]:
    """The tour's stops first, then kinds of places, then all other stops."""
    on_tour = {stop.id for stop in view.tour}
    others = [stop for stop in view.choices.stops if stop.id not in on_tour]
    icon = ft.Icons.AIRPORT_SHUTTLE_OUTLINED
    return [
        *(Option(("stop", stop.id), stop.name, t("capture.on_tour"), icon) for stop in view.tour),
        *(
            Option(("place", place.value), capital(place.text), "", ft.Icons.PLACE_OUTLINED)
            for place in options("place")
            if place.value != "stop"
        ),
        *(Option(("stop", stop.id), stop.name, t("capture.stop"), icon) for stop in others),
    ]


def _chosen(view: Capture) -> tuple[str, str] | None:
    draft = view.at_hand
    if draft.stop:
        return "stop", draft.stop
    return ("place", draft.place) if draft.place else None


def _place_words(view: Capture) -> str:
    chosen = _chosen(view)
    return next((option.text for option in _places(view) if option.value == chosen), "")


async def _go(view: Capture, place: tuple[str, str]) -> None:
    what, name = place
    if what == "stop":
        await view.at_stop(name)
    else:
        await view.at_place(name)
