"""Setting out: today's stops are chosen already, who comes along, which vehicle."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.outing import PlannedStop
from goes_mobile.state.outing import Departure
from goes_mobile.ui.components import (
    Chip,
    Chips,
    Field,
    Group,
    Loading,
    Meta,
    Option,
    PickField,
    PickSheet,
    SaveBar,
    Section,
    Tick,
    use_sheet,
)
from goes_mobile.ui.frame import app, frame, go
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, t


@component
def DepartureScreen() -> ft.Control:
    view, _ = ft.use_state(lambda: Departure(app()))
    choosing, set_choosing = ft.use_state(False)
    every, set_every = ft.use_state(False)
    use_start(view.reload)
    plan = view.plan
    use_sheet(
        choosing,
        lambda: PickSheet(
            t("outing.site"),
            [Option(site.id, site.name) for site in (plan.sites if plan else [])],
            view.site,
            view.choose_site,
            lambda: set_choosing(False),
        ),
        lambda: set_choosing(False),
    )
    if plan is None:
        return Screen(t("outing.start"), [Loading()], on_close=frame().leave, chip=False)

    async def start() -> None:
        await view.start()
        go("/outing")

    usual = [stop for stop in plan.stops if stop.usual]
    shown = plan.stops if every or not usual else [s for s in plan.stops if s.usual or s.stop in view.stops]
    rows = [_stop(view, stop) for stop in shown]
    more = len(shown) < len(plan.stops)
    body: list[ft.Control] = []
    if len(plan.sites) > 1:
        name = next((site.name for site in plan.sites if site.id == view.site), "")
        body.append(PickField(t("outing.site"), name, lambda: set_choosing(True)))
    stops = Section(
        t("tours.today", name=plan.tour) if plan.tour else t("outing.stops_today") if usual else t("outing.stops"),
        Group(rows) if rows else Meta(t("outing.no_stops_listed")),
        count=len(view.stops),
        action=t("field.all", n=len(plan.stops)) if more else "",
        on_action=lambda: set_every(True),
    )
    body.append(stops)
    if plan.team:
        chips = [
            Chip(
                member.name,
                member.id in view.team,
                lambda on, who=member.id: view.toggle_member(who, on),
                key=member.id,
            )
            for member in plan.team
        ]
        body.append(Section(t("outing.team"), Chips(*chips), hint=t("outing.team_hint")))
    body.append(Field(t("outing.vehicle"), view.vehicle, view.drives, correct=False))
    return Screen(
        t("outing.start"),
        body,
        on_close=frame().leave,
        chip=False,
        bar=SaveBar(t("outing.set_out"), start, icon=ft.Icons.AIRPORT_SHUTTLE_OUTLINED, busy=view.busy),
    )


def _stop(view: Departure, stop: PlannedStop) -> ft.Control:
    times = "–".join(clock(moment) for moment in (stop.starts, stop.ends) if moment)
    return Tick(
        stop.name,
        stop.stop in view.stops,
        lambda on: view.toggle_stop(stop.stop, on),
        detail=joined(times, stop.municipality),
    )
