"""An outing that is over: what it was, and mending its times."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.outing import OutingView, Visit
from goes_mobile.state.outing import KINDS, EndedOuting
from goes_mobile.ui.codes import say
from goes_mobile.ui.components import (
    Card,
    Fact,
    Facts,
    Loading,
    Moment,
    Section,
    TextAction,
    Timeline,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.outing import together
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.screens.outing.day_end import DayEndSection
from goes_mobile.ui.screens.outing.programme import Programme
from goes_mobile.ui.screens.outing.times import use_times
from goes_mobile.ui.screens.outing.tour import visit_words
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, long_day, t
from goes_mobile.ui.views import use_view


@component
def EndedOutingScreen(outing: str) -> ft.Control:
    view = use_view(lambda app: EndedOuting(app, outing), *KINDS)
    changing, set_changing = ft.use_state("")
    seen = view.seen
    changed = next((visit for visit in seen.visits if visit.id == changing), None) if seen else None
    use_times(changed, view.set_times, lambda: set_changing(""))
    if seen is None:
        return Screen(t("outing.title"), [Loading()], back="/outing")

    async def reopen() -> None:
        await view.reopen()
        go("/outing")

    tour = Timeline([_moment(visit, set_changing) for visit in seen.visits])
    body: list[ft.Control] = [Card(Facts(_facts(seen)))]
    if view.loose is not None and seen.ends is not None:
        body.insert(0, DayEndSection(view.loose, set_changing, view.leave_out))
    if seen.visits:
        body.append(Section(t("outing.stops"), Card(tour), count=len(seen.visits)))
    body.append(Programme(view, seen))
    body.append(
        ft.Row(
            [
                TextAction(t("outing.reopen"), reopen, icon=ft.Icons.REPLAY),
            ],
            wrap=True,
            spacing=8,
            alignment=ft.MainAxisAlignment.CENTER,
        )
    )
    return Screen(t("outing.title"), body, back="/outing", subtitle=long_day(seen.day))


def _facts(seen: OutingView) -> list[Fact]:
    times = " – ".join(clock(moment) for moment in (seen.starts, seen.ends) if moment)
    facts = [Fact(t("outing.times"), times)]
    if seen.site is not None:
        facts.append(Fact(t("outing.site"), seen.site.name))
    if seen.team:
        facts.append(Fact(t("outing.team"), together(seen)))
    if seen.vehicle:
        facts.append(Fact(t("outing.vehicle"), seen.vehicle))
    facts.append(
        Fact(
            t("outing.met"),
            joined(t("outing.n_people", n=seen.people), t("outing.n_encounters", n=seen.encounters)),
        )
    )
    return facts


def _moment(visit: Visit, change: object) -> Moment:
    words = joined(visit_words(visit), say("weather", visit.weather))
    if visit.observation:
        words = f"{words}\n{visit.observation}"
    actions: list[ft.Control] = [TextAction(t("outing.change"), lambda: change(visit.id))]  # type: ignore[operator]
    state = visit.state if visit.state != "here" else "done"
    return Moment(visit.name, detail=words, state=state, actions=actions if visit.arrived else [])
