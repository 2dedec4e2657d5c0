"""The stops of the tour: where the team was, is, and goes next."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.outing import Visit
from goes_mobile.state.outing import Outings
from goes_mobile.ui.components import Card, Meta, Moment, TextAction, Timeline, Tonal
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.screens.outing.times import TimesPanel
from goes_mobile.ui.text import clock, t


@component
def Tour(view: Outings) -> ft.Control:
    changing, set_changing = ft.use_state("")
    seen = view.running
    if seen is None or not seen.visits:
        return Card(Meta(t("outing.no_stops")))
    upcoming = seen.next.id if seen.next else ""
    moments = [_moment(view, visit, visit.id == upcoming, set_changing) for visit in seen.visits]
    changed = next((visit for visit in seen.visits if visit.id == changing), None)
    parts: list[ft.Control] = [Timeline(moments)]
    if changed is not None:
        panel = TimesPanel(changed, view.set_times, lambda: set_changing(""), key=changed.id)
        parts.append(panel)
    return Card(*parts)


def _moment(view: Outings, visit: Visit, upcoming: bool, change: object) -> Moment:
    actions: list[ft.Control] = []
    if visit.state == "here":
        actions = [
            Tonal(t("outing.drive_on"), view.drive_on, icon=ft.Icons.ARROW_FORWARD, touch="medium"),
            TextAction(t("outing.change"), lambda: change(visit.id)),  # type: ignore[operator]
        ]
    elif visit.state == "ahead" and upcoming and view.here is None:
        actions = [
            Tonal(t("outing.arrived"), lambda: view.arrive(visit.id), icon=ft.Icons.PLACE_OUTLINED, touch="medium"),
            TextAction(t("outing.skip"), lambda: _skip(view, visit)),
        ]
    elif visit.state == "ahead":
        actions = [TextAction(t("outing.here_now"), lambda: view.arrive(visit.id))]
    else:
        actions = [TextAction(t("outing.change"), lambda: change(visit.id))]  # type: ignore[operator]
    return Moment(visit.name, detail=visit_words(visit), state=visit.state, actions=actions)


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
