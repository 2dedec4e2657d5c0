"""A list and its detail: beside each other where there is room."""

from __future__ import annotations

import flet as ft

from goes_mobile.ui.components import (
    Avatar,
    Banner,
    Card,
    Chip,
    Chips,
    Fact,
    Facts,
    IconAction,
    Listing,
    Menu,
    Moment,
    Nothing,
    Outlined,
    Pill,
    Pills,
    Primary,
    Row,
    SearchField,
    Section,
    Side,
    Tabs,
    Timeline,
)
from goes_mobile.ui.components.words import Icon
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.shell import Screen

NAMES = ["Falke", "Luna", "Mika B.", "Yusuf", "Schmetterling", "Noah T.", "Aleyna K.", "Ronny"]
TOWNS = ["Plochingen", "Nürtingen", "Wendlingen", "Esslingen", "Kirchheim", "Ostfildern"]


def _people(n: int) -> list[tuple[str, str]]:
    return [
        (NAMES[i % 8] + ("" if i < 8 else f" {i}"), f"{15 + i % 12} · {TOWNS[i % 6]} · vor {1 + i % 9} Tagen")
        for i in range(n)
    ]


@component
def People() -> ft.Control:
    wanted, set_wanted = ft.use_state("")
    mine, set_mine = ft.use_state("mine")
    shown, set_shown = ft.use_state(50)
    chosen = ft.use_route_params().get("person", "")
    people = [p for p in _people(2000) if wanted.casefold() in p[0].casefold()]
    p = look().palette
    rows: list[ft.Control] = [
        Row(
            name,
            about,
            leading=Avatar(name),
            trailing=Icon(ft.Icons.PERSON_SEARCH, p.lost, 22, name="Seit 7 Wochen kein Kontakt") if i == 0 else None,
            on_press=(lambda name=name: go(f"/people/{name.split()[0].casefold()}")),
            selected=chosen == name.casefold(),
            key=name,
        )
        for i, (name, about) in enumerate(people[:shown])
    ]
    body: ft.Control = Listing(
        rows,
        more=(lambda: set_shown(shown + 50)) if len(people) > shown else None,
        left=min(len(people) - shown, 50),
    )
    if not rows:
        body = Nothing(
            "Niemand heißt so", "Vielleicht unter einem anderen Namen?", icon=ft.Icons.PERSON_SEARCH_OUTLINED
        )
    chips = [
        Chip(text, mine == key, lambda on, key=key: set_mine(key))
        for key, text in (("mine", "Meine 23"), ("open", "Offen"), ("all", "Alle"))
    ]
    return Screen(
        "Menschen",
        body,
        actions=[IconAction(ft.Icons.PERSON_ADD_OUTLINED, "Person anlegen", lambda: go("/record"), colour=p.primary)],
        head=ft.Column(
            [SearchField("Name, Telefon, Notiz …", wanted, set_wanted), Chips(*chips)],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        pane=look().spacious,
    )


@component
def Person(person: str) -> ft.Control:
    tab, set_tab = ft.use_state(0)
    shown = look()
    name = person.capitalize()
    begin = Primary("Begegnung", lambda: go("/record"), icon=ft.Icons.ADD)
    menu = Menu("Mehr zu dieser Person", [("Verlauf", ft.Icons.HISTORY, lambda: None), ("Abgeben", None, lambda: None)])
    timeline = Card(
        Timeline(
            [
                Moment(
                    "Einzelgespräch, Bahnhof Plochingen",
                    "6. Okt.",
                    "Will die Schule nicht abbrechen, kommt aber morgens nicht raus. Praktikum wäre ein Grund.",
                    ft.Icons.FORUM_OUTLINED,
                    pills=[Pill("Schule"), Pill("Ausbildung"), Pill("Stimmung 3 von 5", ft.Icons.SENTIMENT_NEUTRAL)],
                    on_press=lambda: None,
                ),
                Moment(
                    "Vermittelt an Schulsozialarbeit",
                    "1. Okt.",
                    "",
                    ft.Icons.CALL_SPLIT,
                    "look",
                    pills=[Pill("angekommen 3. Okt.", ft.Icons.CHECK, "ok")],
                ),
                Moment("Fehlzeit: 9 Tage, davon 6 unentschuldigt", "21. Sept.", "", ft.Icons.EVENT_BUSY, "lost"),
                Moment("Begleitung begonnen", "12. März", "", ft.Icons.FLAG_OUTLINED, "ok"),
            ]
        )
    )
    facts = Section(
        "Lage",
        Card(
            Facts(
                [
                    Fact("Schule", "9. Klasse, fehlt oft", ft.Icons.SCHOOL_OUTLINED),
                    Fact("Abschluss", "noch keiner", ft.Icons.WORKSPACE_PREMIUM_OUTLINED),
                    Fact("Wohnen", "bei den Eltern, eng", ft.Icons.HOME_OUTLINED),
                    Fact("Geld", "", ft.Icons.EURO),
                ]
            )
        ),
        action="Ändern",
        on_action=lambda: go("/record"),
    )
    return Screen(
        name,
        [
            Pills(
                Pill("Begleitung seit 12.03.", ft.Icons.ROUTE_OUTLINED, "primary"),
                Pill("Einwilligung bis 12.03.27", ft.Icons.VERIFIED_USER_OUTLINED, "ok"),
                Pill("SGB II · SGB VIII", ft.Icons.ACCOUNT_BALANCE_OUTLINED),
            ),
            Side(
                Banner(
                    "Nur über Signal schreiben",
                    "Nicht anrufen – der Vater geht ans Telefon.",
                    tone="look",
                    icon=ft.Icons.SHIELD_OUTLINED,
                ),
                Banner(
                    "Do 26. Nov., 15:00 · Bäckerei Steiner",
                    "Praktikum besprechen, Jana geht mit",
                    tone="primary",
                    icon=ft.Icons.EVENT_OUTLINED,
                ),
            ),
            Tabs(["Überblick", "Begegnungen 14", "Ziele 2", "Lage", "Fehlzeiten", "Dokumente"], tab, set_tab),
            timeline if tab == 0 else facts,
        ],
        subtitle="17 Jahre · Plochingen · Deutsch, Albanisch",
        leading=Avatar(name, size=56, tone="primary"),
        back=None if shown.spacious else "/people",
        actions=[*([Outlined("Zeigen", lambda: None), begin] if shown.spacious else []), menu],
        chip=not shown.spacious,
    )
