"""The running outing, as the one big thing on *Heute*."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.outing import OutingView
from goes_mobile.ui.components import Disc, Group, Hero, Row, Section
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.outing import hours, together, tour_place
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import clock, t


def NextStops(seen: OutingView) -> ft.Control:
    """Where the tour goes from here."""
    rows = [
        Row(
            visit.name,
            clock(visit.planned) if visit.planned else visit.municipality,
            leading=Disc(ft.Icons.PLACE_OUTLINED),
            key=visit.id,
        )
        for visit in seen.visits
        if visit.state == "ahead"
    ]
    return Section(t("outing.next_stops"), Group(rows))


@component
def OutingHero(seen: OutingView) -> ft.Control:
    if seen.here is not None:
        title = seen.here.name
    elif seen.next is not None:
        title = t("today.next_stop", name=seen.next.name)
    else:
        title = t("today.tour_done") if seen.of else t("outing.on_the_way")
    numbers = [
        (str(seen.people), t("today.people", n=seen.people)),
        (str(seen.encounters), t("today.encounters", n=seen.encounters)),
    ]
    if seen.at_stop is not None:
        numbers.append((hours(seen.at_stop), t("today.at_stop")))
    return Hero(
        title,
        overline=t("outing.running_since", clock=clock(seen.starts)) if seen.starts else t("outing.running"),
        detail=joined(tour_place(seen), together(seen)),
        numbers=numbers,
        action=t("today.to_outing"),
        on_action=lambda: go("/outing"),
        lamp=True,
    )
