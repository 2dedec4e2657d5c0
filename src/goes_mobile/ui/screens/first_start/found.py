"""A new organisation: where its server is, which county, who founds it, what they may read, their passphrase."""

from __future__ import annotations

import flet as ft

from goes_mobile.records import presets
from goes_mobile.state.first_start import FirstStart
from goes_mobile.ui.components import (
    Body,
    Field,
    Group,
    Meta,
    Option,
    PickField,
    PickSheet,
    Primary,
    Section,
    Tick,
    use_sheet,
)
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.screens.first_start.fields import SecretFields, ServerField, everything, head, wrong
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import SAVE


@component
def FoundForm(view: FirstStart) -> ft.Control:
    choosing, set_choosing = ft.use_state(False)
    county = view.county
    use_sheet(
        choosing,
        lambda: PickSheet(
            t("first.county"),
            [Option(name, presets.preset(name).title, presets.preset(name).state) for name in presets.names()],
            view.preset,
            view.choose_county,
            lambda: set_choosing(False),
        ),
        on_close=lambda: set_choosing(False),
    )
    return Threshold(
        [
            head(view, t("first.found")),
            Body(t("first.found_intro")),
            ServerField(view),
            Field(
                t("first.token"),
                view.token,
                lambda text: view.set("token", text),
                error=wrong(view, "token"),
                note=t("first.token_note"),
                correct=False,
            ),
            PickField(
                t("first.county"),
                county.title if county else "",
                lambda: set_choosing(True),
                error=wrong(view, "preset"),
            ),
            Field(
                t("first.name"),
                view.name,
                lambda text: view.set("name", text),
                error=wrong(view, "name"),
                note=t("first.name_note"),
                correct=False,
            ),
            *([_sites(view, county)] if county else []),
            SecretFields(view),
            *everything(view),
            Primary(t("first.do_found"), view.found, icon=ft.Icons.CHECK, height=SAVE),
        ]
    )


def _sites(view: FirstStart, county: presets.Preset) -> ft.Control:
    rows = [
        Tick(
            site.name,
            site.short in view.sites,
            lambda on, short=site.short: view.toggle_site(short, on),
            detail=site.municipality if site.municipality not in site.name else "",
        )
        for site in county.sites
    ]
    return Section(t("first.sites"), Meta(t("first.sites_note")), Group(rows))
