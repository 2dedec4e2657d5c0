"""A form as it comes from a record class, with nothing drawn by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flet as ft

from goes_mobile.ui.components import DraftKept, Option, SaveBar, Tabs
from goes_mobile.ui.forms import Around, RecordForm
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.shell import Screen

KINDS = ("encounter", "outing", "young_person", "task")


@component
def Form() -> ft.Control:
    tab, set_tab = ft.use_state(0)
    values, set_values = ft.use_state(
        lambda: {
            "at": datetime(2026, 11, 24, 13, 52, tzinfo=UTC),
            "topics": ["school", "from_the_future"],
            "alias": "Falke",
        }
    )
    numbers = ft.use_ref(0)

    def change(name: str, value: Any) -> None:
        set_values(lambda now: {**now, name: value})

    def new_id() -> str:
        numbers.current += 1
        return f"part-{numbers.current}"

    people = [Option(n.lower(), n, "17 · Plochingen") for n in ("Falke", "Luna", "Mika B.", "Yusuf")]
    return Screen(
        "Aus den Daten",
        [
            RecordForm(
                KINDS[tab],
                values,
                change,
                errors={"minutes": "Ein Tag hat nur 1440 Minuten."},
                around=Around(
                    refs={"young_person": people, "member": [Option("jana", "Jana Keller")]},
                    granted=("contact",),
                    new_id=new_id,
                ),
                key=KINDS[tab],
            )
        ],
        head=Tabs(["Begegnung", "Einsatz", "Mensch", "Aufgabe"], tab, set_tab),
        on_close=lambda: go("/more"),
        status=DraftKept(),
        bar=SaveBar("Speichern", lambda: None),
    )
