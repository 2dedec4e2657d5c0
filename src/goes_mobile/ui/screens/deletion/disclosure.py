"""Auskunft: what is held about somebody, who can read it, and the files to hand out."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import flet as ft

from goes_mobile.state.deletion import DisclosureView
from goes_mobile.ui.components import (
    Banner,
    Card,
    Fact,
    Facts,
    Group,
    Loading,
    Nothing,
    Outlined,
    Primary,
    Row,
    Section,
)
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def DisclosureScreen(person: str) -> ft.Control:
    view = use_view(lambda app: DisclosureView(app, person), "young_person")
    back = f"/people/{person}"
    if view.error:
        refused = Nothing(t("disclosure.refused"), refusal(view.error, view.facts), icon=ft.Icons.LOCK_OUTLINED)
        return Screen(t("disclosure.title"), [refused], back=back)
    made = view.made
    if made is None:
        return Screen(t("disclosure.title"), [Loading()], back=back)

    async def save(wanted: Literal["pdf", "json"]) -> None:
        place = await view.save(wanted)
        if place is not None:
            frame().notices.show(Notice(t("disclosure.saved"), tone="ok"))

    body: list[ft.Control] = []
    if made.to_check:
        body.append(
            Banner(
                t("disclosure.to_check", n=made.to_check),
                t("disclosure.to_check_detail"),
                tone="look",
                icon=ft.Icons.VISIBILITY_OUTLINED,
            )
        )
    pdf, data = (None, None) if view.writing else (lambda: save("pdf"), lambda: save("json"))
    body += [
        ft.Row(
            [
                Primary(t("disclosure.pdf"), pdf, icon=ft.Icons.PICTURE_AS_PDF_OUTLINED),
                Outlined(t("disclosure.json"), data, icon=ft.Icons.DATA_OBJECT),
            ],
            wrap=True,
        ),
        Section(
            t("disclosure.held"),
            Card(Facts([Fact(label, str(n)) for label, n in Counter(r.label for r in made.records).items()])),
        ),
        Section(
            t("disclosure.readers"),
            Group(
                [
                    Row(joined(t(f"disclosure.group_{a.group}"), a.site), ", ".join(a.members), key=a.group + a.site)
                    for a in made.access
                ],
                inset=16,
            ),
        ),
    ]  # fmt: skip
    return Screen(t("disclosure.title"), body, subtitle=made.alias, back=back)
