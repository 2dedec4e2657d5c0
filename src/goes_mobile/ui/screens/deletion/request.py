"""Why something is to be deleted; a second person decides."""

from __future__ import annotations

import flet as ft

from goes_mobile.services import deletion
from goes_mobile.state.deletion import DeletionForm
from goes_mobile.ui.codes import capital, options
from goes_mobile.ui.components import Banner, Chip, Chips, Field, SaveBar, Section
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def DeletionScreen(kind: str, record: str) -> ft.Control:
    view = use_view(lambda app: DeletionForm(app, kind, record), kind)
    whole = kind == "young_person"

    async def ask() -> None:
        if await view.ask():
            frame().leave()
            frame().notices.show(Notice(t("deletion.asked"), tone="ok"))

    chips = [
        Chip(capital(text), view.reason == code, lambda _, code=code: view.choose(code), key=code)
        for code, text in ((option.value, option.text) for option in options("deletion_reason"))
        if code not in deletion.BY_ITSELF
    ]
    body: list[ft.Control] = [
        Banner(
            t("deletion.what_happens"),
            t("deletion.whole_detail" if whole else "deletion.record_detail"),
            tone="look",
            icon=ft.Icons.DELETE_FOREVER_OUTLINED,
        ),
        Section(t("deletion.why"), Chips(*chips)),
        Field(t("deletion.words"), view.text, view.write, lines=3, note=t("deletion.words_note")),
    ]
    if view.others:
        names = ", ".join([view.name, *view.others])
        body.insert(1, Banner(t("merge.also_erased", names=names), tone="look", icon=ft.Icons.CALL_MERGE))
    if view.error:
        error = refusal(view.error, view.facts)
        body.insert(0, Banner(error, tone="lost", icon=ft.Icons.ERROR_OUTLINE, live=True))
    return Screen(
        t("deletion.ask_person" if whole else "deletion.ask_record"),
        body,
        subtitle=view.name,
        on_close=frame().leave,
        bar=SaveBar(t("deletion.ask"), ask, icon=ft.Icons.SEND_OUTLINED),
    )
