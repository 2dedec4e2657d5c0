"""The library: by topic, what is pinned first."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.materials import MaterialLine
from goes_mobile.state.materials import Materials
from goes_mobile.ui.codes import said, say
from goes_mobile.ui.components import (
    Chip,
    Chips,
    Disc,
    Icon,
    IconAction,
    Listing,
    Loading,
    Menu,
    Note,
    Nothing,
    Row,
    SearchField,
    kind_icon,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view


@component
def MaterialsScreen() -> ft.Control:
    view = use_view(Materials, "material", "delivery")
    found = view.library

    async def add() -> None:
        material = await view.add()
        if material:
            go(f"/edit/entry/material/{material}")

    def write() -> None:
        go("/new/entry/material")

    if found is None:
        body: ft.Control | list[ft.Control] = [Loading()]
    elif found.lines:
        body = Listing([_row(line) for line in found.lines])
    elif view.text or view.topic:
        body = [Nothing(t("materials.not_found"), t("materials.not_found_detail"))]
    else:
        body = [Nothing(t("materials.none"), t("materials.none_detail"), action=t("materials.write"), on_action=write)]
    colour = look().palette.primary
    actions: list[ft.Control] = [IconAction(ft.Icons.EDIT_NOTE_OUTLINED, t("materials.write"), write, colour=colour)]
    if view.app.files is not None:
        actions = [
            Menu(
                t("materials.new"),
                [
                    (t("materials.from_file"), ft.Icons.ATTACH_FILE, add),
                    (t("materials.write"), ft.Icons.EDIT_NOTE_OUTLINED, write),
                ],
                icon=ft.Icons.ADD,
            )
        ]
    return Screen(
        t("materials.title"),
        body,
        back="/more",
        actions=actions,
        head=ft.Column(
            [
                SearchField(t("materials.search"), view.text, view.search),
                *([_topics(view, found.topics)] if found is not None and found.topics else []),
                *([Note(refusal(view.problem), tone="look")] if view.problem else []),
            ],
            spacing=M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        chip=not look().compact,
    )


def _topics(view: Materials, topics: list[str]) -> ft.Control:
    return Chips(
        *(
            Chip(say("topic", code), view.topic == code, lambda on, code=code: view.choose(code if on else None),
                 key=code)
            for code in topics
        )
    )  # fmt: skip


def _row(line: MaterialLine) -> ft.Control:
    icon = ft.Icons.IMAGE_OUTLINED if line.picture else kind_icon("attachment" if line.stage else "material")
    pinned = Icon(ft.Icons.PUSH_PIN, look().palette.primary, 22, name=t("materials.pinned")) if line.pinned else None
    return Row(
        line.title,
        joined(
            t("materials.over") if line.over else "", say("material_kind", line.kind), said("topic", line.topics),
            line.edition,
        ),
        leading=Disc(icon),
        trailing=pinned,
        tone="look" if line.over else None,
        on_press=lambda: go(f"/more/materials/{line.id}"),
        key=line.id,
    )  # fmt: skip
