"""A new file, and changing one. What identifies somebody stays closed until a consent is recorded, and says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from goes_mobile.records import ages
from goes_mobile.records.registry import kind
from goes_mobile.services.people import Similar
from goes_mobile.state.county import county
from goes_mobile.state.person_forms import ChangePerson, NewPerson, closed_without_consent
from goes_mobile.ui.components import (
    Avatar,
    Card,
    DraftKept,
    Field,
    Loading,
    Meta,
    Note,
    Outlined,
    SaveBar,
    Section,
    Strong,
    Subtitle,
    TextAction,
    Tonal,
)
from goes_mobile.ui.forms import Around, RecordForm, field_label
from goes_mobile.ui.frame import Notice, app, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.places import MunicipalityField
from goes_mobile.ui.parts.words import age, joined, last_seen, today
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.screens.people.facts import names_of
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import L, S
from goes_mobile.ui.views import use_view

Change = Callable[[str, Any], Any]
GROUPS = (
    ("people.identity", ("given_name", "family_name", "birth_date")),
    ("people.contact", ("phone", "messenger", "mail", "safe_contact_note")),
    ("people.residence", ("residence_status",)),
)


@component
def NewPersonScreen() -> ft.Control:
    view = use_view(NewPerson, "young_person")

    async def save() -> None:
        person = await view.save()
        if person:
            alias = str(view.values.get("alias", "")).strip()
            go(f"/people/{person}")
            frame().notices.show(Notice(t("people.saved_new", alias=alias), tone="ok"))

    async def open_similar() -> None:
        assert view.similar is not None
        person = view.similar.line.id
        await view.drop()
        go(f"/people/{person}")

    if not view.loaded:
        return Screen(t("people.new"), [Loading()], on_close=frame().leave)
    body: list[ft.Control] = [_alias(view.values, view.set, view.errors)]
    if view.similar is not None:
        body.append(_same(view.similar, open_similar, view.another))
    body.append(_basics(view.values, view.set, view.errors))
    body.append(
        Section(
            t("people.later_fields"),
            Card(
                Note(
                    t("people.later_detail", what=names_of(closed_without_consent())),
                    icon=ft.Icons.VISIBILITY_OFF_OUTLINED,
                )
            ),
        )
    )
    return Screen(
        t("people.new"),
        body,
        on_close=frame().leave,
        status=DraftKept("kept" if view.kept else ""),
        bar=SaveBar(t("do.save"), save),
    )


def _alias(values: Mapping[str, Any], change: Change, errors: Mapping[str, str]) -> ft.Control:
    alias = values.get("alias") or ""
    return Field(
        field_label(kind("young_person").fields["alias"]),
        alias,
        lambda text: change("alias", text),
        error=refusals(errors).get("alias", ""),
        note=t("people.alias_note"),
        correct=False,
        key="alias",
    )


def _basics(values: Mapping[str, Any], change: Change, errors: Mapping[str, str]) -> ft.Control:
    """Year of birth, gender, municipality, languages: what a file may hold without any consent."""
    label = {name: field_label(info) for name, info in kind("young_person").fields.items()}
    said = refusals(errors)
    year = values.get("birth_year")
    years = ages.age_on(today(), year) if isinstance(year, int) else None
    preset = county(app())
    outside = years is not None and 0 <= years < 130 and ages.outside(years, preset.age_from, preset.age_to)
    return ft.Column(
        [
            RecordForm(
                "young_person", values, change, errors=said, only=("birth_year", "gender"), around=Around(preset=preset)
            ),
            *([Note(t("people.birth_note"), tone="look")] if outside else []),
            MunicipalityField(
                label["municipality"], values.get("municipality") or "", lambda v: change("municipality", v)
            ),
            RecordForm("young_person", values, change, errors=said, only=("languages",), around=Around(preset=preset)),
        ],
        spacing=L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _same(similar: Similar, yes: Callable[[], Any], no: Callable[[], Any]) -> ft.Control:
    """One question at a time, with the reason."""
    line = similar.line
    why = ", ".join(t(f"people.why_{reason}") for reason in similar.why)
    return ft.Semantics(
        content=Card(
            Subtitle(t("people.same")),
            ft.Row(
                [
                    Avatar(line.alias),
                    ft.Column(
                        [
                            Strong(line.alias),
                            Meta(
                                joined(age(line.age, line.age_exact), line.municipality, last_seen(line.last_contact))
                            ),
                            Meta(why),
                        ],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=L,
            ),
            ft.Row(
                [
                    Tonal(t("people.same_yes"), yes, icon=ft.Icons.CHECK),
                    Outlined(t("people.same_no"), no),
                ],
                wrap=True,
                spacing=S,
                run_spacing=S,
            ),
            tone="info",
        ),
        container=True,
        live_region=True,
    )


@component
def ChangePersonScreen(person: str) -> ft.Control:
    view = use_view(lambda app: ChangePerson(app, person), "consent")
    back = f"/people/{person}"

    async def save() -> None:
        if await view.save():
            go(back)
            frame().notices.show(Notice(t("people.saved"), tone="ok"))

    async def discard() -> None:
        await view.drop()
        go(back)

    if view.view is None:
        return Screen(t("people.edit"), [Loading()], on_close=frame().leave)
    granted = view.granted
    said = refusals(view.errors)
    closed = view.view.closed
    body: list[ft.Control] = [
        _alias(view.values, view.set, view.errors),
        _basics(view.values, view.set, view.errors),
    ]
    for title, names in GROUPS:
        opened = [name for name in names if name not in closed]
        if opened:
            form = RecordForm(
                "young_person", view.values, view.set, errors=said, only=opened, around=Around(granted=granted)
            )
            body.append(Section(t(title), form, key=title))
    if closed:
        body.append(
            Section(
                t("people.later_fields"),
                Card(
                    Note(t("people.later_detail", what=names_of(closed)), icon=ft.Icons.VISIBILITY_OFF_OUTLINED),
                    ft.Row(
                        [
                            Outlined(
                                t("people.new_consent"),
                                lambda: go(f"/new/consent/{person}"),
                                icon=ft.Icons.VERIFIED_USER_OUTLINED,
                            )
                        ],
                        wrap=True,
                    ),
                ),
            )
        )
    if view.kept:
        body.append(ft.Row([TextAction(t("do.not_wanted"), discard)]))
    return Screen(
        t("people.edit"),
        body,
        subtitle=view.view.alias,
        on_close=frame().leave,
        status=DraftKept("kept" if view.kept else ""),
        bar=SaveBar(t("do.save"), save),
    )
