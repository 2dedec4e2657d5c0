"""A consent: for what, which data, with whom, until when. Signed here it is turned to the young person first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import flet as ft

from goes_mobile.services.consent_texts import OUR_OWN
from goes_mobile.services.consents import SIGNED_HERE
from goes_mobile.state.person_forms import NewConsent
from goes_mobile.ui.codes import capital, options
from goes_mobile.ui.components import (
    Chip,
    Chips,
    DateField,
    DraftKept,
    Field,
    Label,
    Loading,
    Meta,
    PickField,
    PickSheet,
    SaveBar,
    use_sheet,
)
from goes_mobile.ui.components.fields import notes
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.consent_question import ConsentQuestion
from goes_mobile.ui.parts.words import today
from goes_mobile.ui.refusals import refusals
from goes_mobile.ui.screens.people.recipients import Recipients
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import S
from goes_mobile.ui.views import use_view


@component
def NewConsentScreen(person: str) -> ft.Control:
    view = use_view(lambda app: NewConsent(app, person), "young_person")
    choosing, set_choosing = ft.use_state(False)
    purposes = options("purpose")
    purpose = view.values.get("purpose", "")
    use_sheet(
        choosing,
        lambda: PickSheet(
            t("consent.purpose"), purposes, purpose, lambda code: view.set("purpose", code), lambda: set_choosing(False)
        ),
        on_close=lambda: set_choosing(False),
    )

    async def save() -> None:
        if await view.save():
            go(f"/people/{person}")
            frame().notices.show(Notice(t("consent.saved"), tone="ok"))

    async def turn() -> None:
        talk = await view.talk()
        if talk is not None:
            go(f"/people/{person}")
            frame().station.turned = lambda: ConsentQuestion(talk, key=person)

    if not view.loaded:
        return Screen(t("consent.title"), [Loading()], on_close=frame().leave)
    here = view.values.get("form") == SIGNED_HERE
    said = refusals(view.errors, view.facts)
    body: list[ft.Control] = [
        PickField(
            t("consent.purpose"),
            next((o.text for o in purposes if o.value == purpose), purpose),
            lambda: set_choosing(True),
        ),
        _categories(view, said.get("data_categories", "")),
        *([] if purpose in OUR_OWN else [Recipients(view, said.get("recipients", ""))]),
        DateField(
            t("consent.given_on"), view.values.get("given_on"), lambda d: view.set("given_on", d), optional=False
        ),
        _until(view, said.get("valid_until", "")),
        _titled(
            t("consent.form"),
            Chips(
                *(
                    Chip(
                        capital(o.text),
                        o.value == view.values.get("form"),
                        lambda _, o=o: view.set("form", o.value),
                        key=o.value,
                    )
                    for o in options("consent_form")
                )
            ),
        ),
    ]
    if view.guardian_under:
        body.append(
            Field(
                t("consent.guardian"),
                view.values.get("guardian") or "",
                lambda text: view.set("guardian", text),
                error=said.get("guardian", ""),
                note=t("consent.guardian_note", under=view.guardian_under),
                correct=False,
            )
        )
    if here:
        body.append(Meta(t("consent.turn_note")))
    body.append(Field(t("consent.note"), view.values.get("note") or "", lambda text: view.set("note", text), lines=3))
    return Screen(
        t("consent.title"),
        body,
        subtitle=t("consent.subtitle", alias=view.alias),
        on_close=frame().leave,
        status=DraftKept("kept" if view.kept else ""),
        bar=SaveBar(t("consent.turn"), turn, icon=ft.Icons.DRAW_OUTLINED) if here else SaveBar(t("do.save"), save),
    )


def _titled(title: str, control: ft.Control, error: str = "") -> ft.Control:
    return ft.Column(
        [Label(title), control, *notes(error, "")],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _categories(view: NewConsent, error: str) -> ft.Control:
    chosen: list[str] = list(view.values.get("categories") or [])

    def toggle(code: str, on: bool) -> Any:
        return view.set("categories", [*chosen, code] if on else [c for c in chosen if c != code])

    chips = [
        Chip(capital(o.text), o.value in chosen, lambda on, code=o.value: toggle(code, on), key=o.value)
        for o in options("data_category")
    ]
    return _titled(t("consent.categories"), Chips(*chips), error)


def _until(view: NewConsent, error: str) -> ft.Control:
    start: date = view.values.get("given_on") or today()
    now = view.values.get("valid_until")
    ends = [
        (t("consent.half_year"), start + timedelta(days=183)),
        (t("consent.year"), start + timedelta(days=365)),
        (t("consent.open_end"), None),
    ]
    chips = [
        Chip(words, now == day, lambda on, day=day: view.set("valid_until", day), key=words) for words, day in ends
    ]
    field = DateField(
        t("consent.valid_until"),
        now,
        lambda day: view.set("valid_until", day),
        error=error,
        note=t("consent.valid_note"),
    )
    return ft.Column([field, Chips(*chips)], spacing=S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
