"""*Einsatz*: the tour above, the count at the thumb; without a running one how to start, and what was."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.outing import OutingLine, OutingView, Visit
from goes_mobile.state.outing import KINDS, Outings
from goes_mobile.ui.components import (
    Chevron,
    CountBar,
    Disc,
    Group,
    Loading,
    Nothing,
    Row,
    Section,
    TextAction,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.outing import together, tour_place
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.screens.outing.departure import DepartureScreen
from goes_mobile.ui.screens.outing.ended import EndedOutingScreen
from goes_mobile.ui.screens.outing.here import Here
from goes_mobile.ui.screens.outing.programme import Programme
from goes_mobile.ui.screens.outing.stops import OtherStop
from goes_mobile.ui.screens.outing.tour import Tour
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, short_day, t
from goes_mobile.ui.views import use_view

__all__ = ["DepartureScreen", "EndedOutingScreen", "OutingScreen"]


@component
def OutingScreen() -> ft.Control:
    view = use_view(Outings, *KINDS)
    ft.use_effect(_nothing, dependencies=[], cleanup=view.leave)
    if not view.loaded:
        return Screen(t("outing.title"), [Loading()])
    if view.running is not None:
        return _Running(view, key=view.running.id)
    return _idle(view)


def _nothing() -> None:
    """A component keeps a clean-up only beside an effect."""


# -- on the road ---------------------------------------------------------------------------------------------------


@component
def _Running(view: Outings) -> ft.Control:
    adding, set_adding = ft.use_state(False)
    seen = view.running
    if seen is None:
        return Screen(t("outing.title"), [Loading()])
    here = seen.here

    async def end() -> None:
        ended = await view.end()

        async def undo() -> None:
            frame().notices.clear()
            await view.reopen(ended)
            go("/outing")

        go(f"/outing/{ended}")
        frame().notices.show(Notice(t("outing.ended"), tone="ok", action=t("do.undo"), on_action=undo))

    OtherStop(view, adding, lambda: set_adding(False))
    wide = look().window == "wide"
    tour = [Tour(view)]
    ways = ft.Row(
        [
            TextAction(t("outing.other_stop"), lambda: set_adding(True), icon=ft.Icons.ADD_LOCATION_ALT_OUTLINED),
            TextAction(t("outing.end"), end, icon=ft.Icons.FLAG_OUTLINED),
        ],
        wrap=True,
        spacing=8,
        run_spacing=8,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    stay: list[ft.Control] = [Here(view, key=here.id)] if here is not None else []
    return Screen(
        _title(seen),
        [*tour, *([] if wide else stay), Programme(view, seen), ways],
        aside=stay if wide else (),
        subtitle=_subtitle(seen),
        bar=_count(view, here) if here is not None else None,
    )


def _title(seen: OutingView) -> str:
    if seen.here is not None:
        return seen.here.name
    return t("outing.on_the_way")


def _subtitle(seen: OutingView) -> str:
    since = seen.here.arrived if seen.here is not None else seen.starts
    return joined(tour_place(seen), t("outing.since", clock=clock(since)) if since else "", together(seen))


def _count(view: Outings, here: Visit) -> ft.Control:
    """One number while people come and go; the grid leads to a group that is counted by age."""
    return CountBar(
        view.counted,
        t("outing.here") if look().roomy and look().compact else t("outing.people_here", n=view.counted),
        view.count,
        on_grid=lambda: go("/new/group"),
    )


# -- nothing runs ---------------------------------------------------------------------------------------------------


def _idle(view: Outings) -> ft.Control:
    body: list[ft.Control] = [
        Nothing(
            t("outing.none"),
            t("outing.none_detail"),
            icon=ft.Icons.AIRPORT_SHUTTLE_OUTLINED,
            action=t("outing.start"),
            on_action=lambda: go("/new/outing"),
        ),
        Group(
            [
                Row(
                    t("tours.title"),
                    t("tours.detail"),
                    leading=Disc(ft.Icons.ROUTE),
                    trailing=Chevron(),
                    on_press=lambda: go("/tours"),
                )
            ]
        ),
    ]
    if view.recent:
        rows = [_line(line) for line in view.recent]
        body.append(Section(t("outing.earlier"), Group(rows), count=len(rows)))
    return Screen(t("outing.title"), body)


def _line(line: OutingLine) -> ft.Control:
    times = "–".join(clock(moment) for moment in (line.starts, line.ends) if moment)
    counted = joined(
        t("outing.n_people", n=line.people),
        t("outing.n_encounters", n=line.encounters) if line.encounters else "",
    )
    return Row(
        joined(short_day(line.day), times),
        joined(", ".join(line.stops), counted),
        leading=Disc(ft.Icons.AIRPORT_SHUTTLE_OUTLINED, "primary" if line.running else "plain"),
        trailing=Chevron(),
        on_press=lambda: go(f"/outing/{line.id}"),
        key=line.id,
    )
