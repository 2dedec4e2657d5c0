"""Tourpläne: which tour goes when in the coming two weeks, who drives it, and the plans behind it."""

from __future__ import annotations

from itertools import groupby

import flet as ft

from goes_mobile.services.tours import Tour
from goes_mobile.state.tours import Tours
from goes_mobile.ui.components import (
    Chevron,
    Disc,
    Group,
    Loading,
    Nothing,
    Option,
    Outlined,
    PickSheet,
    Row,
    SaveBar,
    Section,
    TextAction,
    use_sheet,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, long_day, t
from goes_mobile.ui.views import use_view


@component
def ToursScreen() -> ft.Control:
    view = use_view(Tours, "tour_plan", "stop", "member", "task")
    handing, set_handing = ft.use_state(None)

    async def hand(tour: Tour, member: str) -> None:
        await view.hand_over(tour, member)
        name = next((one.name for one in view.colleagues if one.id == member), "")
        frame().notices.show(Notice(t("tours.handed", who=name), tone="ok"))

    use_sheet(
        handing is not None,
        lambda: PickSheet(
            t("tours.who"),
            [Option(one.id, one.name, icon=ft.Icons.PERSON_OUTLINED) for one in view.colleagues],
            handing.driver.id if handing.driver else None,
            lambda member: hand(handing, member),
            lambda: set_handing(None),
        ),
        on_close=lambda: set_handing(None),
    )

    def new() -> None:
        go("/new/entry/tour_plan")

    if view.coming is None:
        return Screen(t("tours.title"), [Loading()], back="/outing")
    body: list[ft.Control] = []
    for day, tours in groupby(view.coming, lambda tour: tour.day):
        body.append(Section(long_day(day), Group([_tour(tour, set_handing) for tour in tours]), key=day.isoformat()))
    if view.plans:
        rows = [
            Row(
                line.title,
                joined(*line.said),
                leading=Disc(ft.Icons.ROUTE),
                trailing=Chevron(),
                on_press=lambda line=line: go(f"/entry/tour_plan/{line.id}"),
                key=line.id,
            )
            for line in view.plans
        ]
        body.append(Section(t("tours.plans"), Group(rows), count=len(rows)))
    else:
        body.append(Nothing(t("tours.none"), t("tours.none_detail"), icon=ft.Icons.ROUTE))
    thumb = look().compact
    return Screen(
        t("tours.title"),
        body,
        back="/outing",
        actions=[] if thumb else [Outlined(t("tours.new"), new, icon=ft.Icons.ADD)],
        bar=SaveBar(t("tours.new"), new, icon=ft.Icons.ADD) if thumb else None,
    )


def _tour(tour: Tour, hand: object) -> ft.Control:
    stops = ", ".join(joined(clock(one.arrives) if one.arrives else "", one.name) for one in tour.stops)
    team = who(tour.driver) or ", ".join(one.name for one in tour.team)
    return Row(
        joined(clock(tour.starts) if tour.starts else "", tour.name),
        "\n".join(filter(None, (stops, team))),
        leading=Disc(ft.Icons.AIRPORT_SHUTTLE_OUTLINED, "primary" if tour.mine else "plain"),
        below=[TextAction(t("tours.hand_over"), lambda: hand(tour))],  # type: ignore[operator]
        key=f"{tour.plan}-{tour.day}",
    )
