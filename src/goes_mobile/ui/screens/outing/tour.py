"""The stops of the tour: where the team was, is, and goes next."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from goes_mobile.services.outing import Visit
from goes_mobile.state.outing import Outings
from goes_mobile.ui.components import Card, Meta, Moment, TextAction, Timeline, Tonal
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.screens.outing.times import use_times
from goes_mobile.ui.text import clock, t


@component
def Tour(view: Outings) -> ft.Control:
    opened, set_opened = ft.use_state("")
    changing, set_changing = ft.use_state("")
    seen = view.running
    visits = seen.visits if seen is not None else []
    changed = next((visit for visit in visits if visit.id == changing), None)
    use_times(changed, view.set_times, lambda: set_changing(""))
    if seen is None or not visits:
        return Card(Meta(t("outing.no_stops")))
    upcoming = seen.next.id if seen.next and seen.here is None else ""

    def press(visit: Visit) -> None:
        """What is over is mended, what is ahead shows what can be done with it."""
        if visit.state == "ahead":
            set_opened("" if visit.id == opened else visit.id)
        else:
            set_changing(visit.id)

    return Card(Timeline([_moment(view, visit, visit.id in (upcoming, opened), press) for visit in visits]))


def _moment(view: Outings, visit: Visit, open_: bool, press: Callable[[Visit], None]) -> Moment:
    actions: list[ft.Control] = []
    if visit.state == "here":
        actions = [
            Tonal(t("outing.drive_on"), view.drive_on, icon=ft.Icons.ARROW_FORWARD, touch="medium"),
            TextAction(t("outing.change"), lambda: press(visit)),
        ]
    elif visit.state == "ahead" and open_:
        actions = [
            Tonal(t("outing.arrived"), lambda: view.arrive(visit.id), icon=ft.Icons.PLACE_OUTLINED, touch="medium"),
            TextAction(t("outing.skip"), lambda: _skip(view, visit)),
        ]
    return Moment(
        visit.name,
        detail=visit_words(visit),
        state=visit.state,
        actions=actions,
        on_press=None if actions else lambda: press(visit),
    )


async def _skip(view: Outings, visit: Visit) -> None:
    await view.skip(visit)

    async def undo() -> None:
        frame().notices.clear()
        await view.bring_back(visit)

    frame().notices.show(Notice(t("outing.skipped", stop=visit.name), tone="info", action=t("do.undo"), on_action=undo))


def visit_words(visit: Visit) -> str:
    """13:45 – 14:02 · 3 Menschen"""
    if visit.state == "ahead":
        return t("outing.planned", clock=clock(visit.planned)) if visit.planned else t("outing.not_yet")
    if visit.state == "here":
        return t("outing.since", clock=clock(visit.arrived)) if visit.arrived else ""
    times = " – ".join(clock(moment) for moment in (visit.arrived, visit.left) if moment)
    people = t("outing.n_people", n=visit.people) if visit.people else ""
    return joined(times, people, t("outing.n_encounters", n=visit.encounters) if visit.encounters else "")
