"""One material: read it, show it, hand it out; a newer version of its file."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.materials import MaterialLine
from goes_mobile.state.materials import MaterialFile
from goes_mobile.ui.codes import said, say
from goes_mobile.ui.components import (
    Banner,
    Body,
    Card,
    IconAction,
    Loading,
    Menu,
    Meta,
    Note,
    NotHere,
    Nothing,
    Outlined,
    Pill,
    Pills,
    Tonal,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view


@component
def MaterialScreen(material: str) -> ft.Control:
    view = use_view(lambda app: MaterialFile(app, material), "material", "delivery")
    if view.missing:
        return Screen(t("materials.title"), [NotHere()], back="/more/materials")
    line = view.line
    if line is None:
        return Screen(t("materials.title"), [Loading()], back="/more/materials")

    async def delete() -> None:
        await view.delete()
        frame().notices.show(Notice(t("materials.deleted"), tone="ok", action=t("do.undo"), on_action=view.restore))

    async def hand_out() -> None:
        where = await view.hand_out()
        if where is not None:
            frame().notices.show(Notice(t("materials.handed_out", where=where), tone="ok"))

    async def replace() -> None:
        if await view.replace():
            frame().notices.show(Notice(t("materials.replaced"), tone="ok"))

    items: list[tuple[str, ft.IconData | None, object]] = [
        (t("materials.unpin" if line.pinned else "materials.pin"), ft.Icons.PUSH_PIN_OUTLINED,
         lambda: view.pin(not line.pinned)),
        *([(t("materials.newer"), ft.Icons.UPLOAD_FILE_OUTLINED, replace)] if view.app.files is not None else []),
        (t("past.title"), ft.Icons.HISTORY_OUTLINED, lambda: go(f"/more/materials/{material}/history")),
        *([] if line.deleted else [(t("entry.delete"), ft.Icons.DELETE_OUTLINED, delete)]),
    ]  # fmt: skip
    change = IconAction(ft.Icons.EDIT_OUTLINED, t("do.change"), lambda: go(f"/edit/entry/material/{material}"))
    return Screen(
        line.title,
        [
            *_deleted(line, view),
            *([Note(refusal(view.problem), tone="look")] if view.problem else []),
            Pills(*_pills(line)),
            *_contents(line, view, hand_out),
        ],
        subtitle=joined(say("material_kind", line.kind), said("topic", line.topics), line.edition),
        back="/more/materials",
        actions=[*([] if line.deleted else [change]), Menu(t("materials.more"), items)],
        chip=not look().compact,
    )


def _deleted(line: MaterialLine, view: MaterialFile) -> list[ft.Control]:
    if not line.deleted:
        return []
    return [
        Banner(t("entry.is_deleted"), tone="look", icon=ft.Icons.DELETE_OUTLINED, action=t("entry.restore"),
               on_action=view.restore)
    ]  # fmt: skip


def _pills(line: MaterialLine) -> list[ft.Control]:
    pills: list[ft.Control] = []
    if line.valid_until is not None:
        words = t("materials.valid", day=numeric_day(line.valid_until))
        pills.append(Pill(words, ft.Icons.SCHEDULE_OUTLINED, "look" if line.over else "plain"))
    if line.pinned:
        pills.append(Pill(t("materials.pinned"), ft.Icons.PUSH_PIN_OUTLINED, "plain"))
    if line.stage in ("fetching", "away"):
        pills.append(Pill(t("materials.coming"), ft.Icons.CLOUD_DOWNLOAD_OUTLINED, "info"))
    return pills


def _contents(line: MaterialLine, view: MaterialFile, hand_out: object) -> list[ft.Control]:
    parts: list[ft.Control] = []
    if view.content:
        parts.append(ft.Image(src=view.content, fit=ft.BoxFit.CONTAIN, semantics_label=line.title))
    if line.text:
        parts.append(Card(Body(line.text)))
    if line.stage == "there":
        parts.append(
            ft.Row([Tonal(t("materials.fetch"), view.fetch, icon=ft.Icons.CLOUD_DOWNLOAD_OUTLINED)], wrap=True)
        )
    elif line.here and view.app.files is not None:
        parts.append(ft.Row([Outlined(t("materials.hand_out"), hand_out, icon=ft.Icons.SAVE_ALT_OUTLINED)], wrap=True))
        parts.append(Meta(t("materials.hand_out_detail")))
    if not parts:
        parts.append(Nothing(t("materials.empty"), t("materials.empty_detail")))
    return [ft.Column(parts, spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)]
