"""What "Heute" looks like: hero, rows with answers, due tasks, a question, a draft."""

from __future__ import annotations

import flet as ft

from goes_mobile.ui.components import (
    Avatar,
    Card,
    Chevron,
    Disc,
    Group,
    Hero,
    Meta,
    Narrative,
    Outlined,
    Pill,
    Row,
    Section,
    Strong,
    TextAction,
    Tick,
    Tonal,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.shell import Screen


@component
def Today() -> ft.Control:
    done, set_done = ft.use_state(frozenset)
    opened, set_opened = ft.use_state("Falke")
    compact = look().compact

    def lost(alias: str, why: str, icon: ft.IconData, best: str) -> ft.Control:
        here = opened == alias
        answers = [
            Tonal("Erreicht", lambda: frame().notices.show(Notice(f"{alias}: erreicht", "ok", action="Rückgängig"))),
            Outlined("Nicht erreicht", lambda: None),
            Outlined("Abgeben", lambda: None),
            Outlined("Erklären", lambda: None),
        ]
        if compact:
            row = Row(
                alias,
                why,
                leading=Disc(icon, "lost"),
                trailing=ft.Icon(ft.Icons.EXPAND_LESS if here else ft.Icons.EXPAND_MORE, color=look().palette.ink),
                tone="lost" if here else None,
                on_press=lambda: set_opened("" if here else alias),
            )
            if not here:
                return row
            grid = [ft.Row([ft.Container(a, expand=True) for a in answers[i : i + 2]], spacing=8) for i in (0, 2)]
            return ft.Column([row, ft.Container(ft.Column(grid, spacing=8), padding=16)], spacing=0)
        return Row(alias, why, leading=Disc(icon, "lost"), trailing=Tonal(best, lambda: None))

    def due(text: str, about: str, late: bool) -> ft.Control:
        pill = Pill("seit Fr", ft.Icons.ERROR_OUTLINE, "lost") if late else Pill("heute", ft.Icons.SCHEDULE_OUTLINED)
        return Tick(
            text,
            text in done,
            lambda on: set_done(done | {text} if on else done - {text}),
            detail=about,
            trailing=pill,
        )

    hero = Hero(
        "Bahnhof Plochingen",
        overline="Einsatz läuft · seit 13:40",
        detail="Halt 2 von 4 · mit Aylin",
        numbers=[("11", "Menschen"), ("4", "Begegnungen"), ("1:12 Std.", "an diesem Halt")],
        action="Zum Einsatz",
        on_action=lambda: go("/outing"),
        lamp=True,
    )
    nobody = Section(
        "Niemand geht verloren",
        Group(
            [
                lost("Falke", "Seit 7 Wochen kein Kontakt", ft.Icons.PERSON_SEARCH, "Erreicht"),
                lost("Mika B.", "Jobcenter: Ankunft seit 16 Tagen offen", ft.Icons.CALL_SPLIT, "Angekommen"),
                lost("Luna", "Begleitung ohne nächsten Schritt", ft.Icons.EVENT_BUSY_OUTLINED, "Planen"),
            ]
        ),
        count=3,
        tone="lost",
    )
    tasks = Section(
        "Fällig",
        Group(
            [
                due("Bewerbung Bäckerei Steiner schicken", "Falke · Praktikum", False),
                due("Rückruf Schulsozialarbeit", "Realschule Wendlingen", True),
            ]
        ),
        count=2,
        action="Alle",
        on_action=lambda: go("/people"),
    )
    question = Section(
        "Rückfragen",
        Card(
            ft.Row(
                [
                    Avatar("Sabine Wolf"),
                    ft.Column(
                        [Strong("Sabine Wolf fragt"), Meta("Begegnung vom 19.11. · Nürtingen ZOB")],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=16,
            ),
            Narrative("„War das ein Erstkontakt? Und wer begleitet zum Termin am Montag?“"),
            ft.Row(
                [
                    Tonal("Antworten", lambda: None, icon=ft.Icons.REPLY),
                    TextAction("Ansehen", lambda: go("/people/falke")),
                ],
                wrap=True,
            ),
        ),
        count=1,
    )
    drafts = Section(
        "Entwürfe",
        Group(
            [
                Row(
                    "Begegnung von 15:06",
                    "Entwurf · Schule, Konflikt",
                    leading=Disc(ft.Icons.EDIT_NOTE),
                    trailing=Chevron(),
                    on_press=lambda: go("/record"),
                )
            ]
        ),
        count=1,
    )
    return Screen(
        "Heute", [hero, nobody], aside=[tasks, question, drafts], subtitle="Dienstag, 24. November · Workmobil"
    )
