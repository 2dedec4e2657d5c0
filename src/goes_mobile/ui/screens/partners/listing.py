"""The directory: searched by what somebody needs, narrowed by topic, place, language and legal domain."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.services.partner_files import TakenIn
from goes_mobile.services.partners import PartnerLine
from goes_mobile.state.partners import Directory
from goes_mobile.ui.codes import options, said, say
from goes_mobile.ui.components import (
    ActionChip,
    Chip,
    Chips,
    Disc,
    IconAction,
    Listing,
    Loading,
    Menu,
    Note,
    Nothing,
    Option,
    PickSheet,
    Row,
    SearchField,
    kind_icon,
    use_question,
    use_sheet,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view

BY = ("topic", "municipality", "language", "rechtskreis")


@component
def PartnersScreen() -> ft.Control:
    view = use_view(Directory, "partner")
    choosing, set_choosing = ft.use_state("")
    page = view.page

    async def take_in() -> None:
        n = await view.take_in()
        frame().notices.show(Notice(t("partners.taken_in", n=n), tone="ok"))

    async def save(wanted: Any) -> None:
        where = await view.save(wanted)
        if where is not None:
            frame().notices.show(Notice(t("partners.saved", where=where), tone="ok"))

    use_sheet(
        choosing != "",
        lambda: PickSheet(
            t(f"partners.by_{choosing}"),
            _choices(view, choosing),
            getattr(view.filter, choosing),
            lambda chosen: view.narrow(**{choosing: chosen}),
            lambda: set_choosing(""),
        ),
        on_close=lambda: set_choosing(""),
    )
    use_question(
        view.read is not None,
        t("partners.take_in_title", n=len(view.read.new) if view.read else 0),
        _told(view.read) if view.read else "",
        t("partners.take_in"),
        take_in,
        t("partners.leave_out"),
        view.leave_out,
    )
    files = [
        (t("partners.from_file"), ft.Icons.UPLOAD_FILE_OUTLINED, view.choose_file),
        (t("partners.as_cards"), ft.Icons.CONTACTS_OUTLINED, lambda: save("vcf")),
        (t("partners.as_table"), ft.Icons.TABLE_CHART_OUTLINED, lambda: save("csv")),
    ]
    if page is None:
        body: ft.Control | list[ft.Control] = [Loading()]
    elif page.lines:
        body = Listing([_row(line) for line in page.lines])
    else:
        body = [_nobody(view)]
    add = IconAction(ft.Icons.ADD, t("partners.new"), lambda: go("/new/entry/partner"), colour=look().palette.primary)
    return Screen(
        t("partners.title"),
        body,
        back="/more",
        actions=[add, *([Menu(t("partners.more"), files)] if view.app.files is not None else [])],
        head=ft.Column(
            [
                SearchField(t("partners.search"), view.filter.text, view.search),
                _narrowing(view, set_choosing),
                *([Note(refusal(view.problem), tone="look")] if view.problem else []),
            ],
            spacing=M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        chip=not look().compact,
    )


def _narrowing(view: Directory, choose: Any) -> ft.Control:
    chips: list[ft.Control] = []
    for by in BY:
        chosen = getattr(view.filter, by)
        if chosen:
            chips.append(Chip(_words(by, chosen), True, lambda on, by=by: view.narrow(**{by: None}), key=by))
        else:
            chips.append(
                ActionChip(t(f"partners.by_{by}"), lambda by=by: choose(by), icon=ft.Icons.KEYBOARD_ARROW_DOWN)
            )
    page = view.page
    if page is not None and page.needs:
        chips.append(Chip(t("partners.needs", n=page.needs), view.filter.needs, lambda on: view.narrow(needs=on)))
    return Chips(*chips)


def _words(by: str, chosen: str) -> str:
    return chosen if by == "municipality" else say(by, chosen)


def _choices(view: Directory, by: str) -> list[Option]:
    page = view.page
    if by == "rechtskreis" or page is None:
        return options("rechtskreis")
    there = {"topic": page.topics, "municipality": page.municipalities, "language": page.languages}[by]
    return [Option(one, _words(by, one)) for one in there]


def _told(read: TakenIn) -> str:
    return joined(
        t("partners.same", n=read.same) if read.same else "",
        t("partners.refused", lines=", ".join(str(line) for line, _ in read.refused)) if read.refused else "",
        t("partners.nothing_changed"),
    )


def _row(line: PartnerLine) -> ft.Control:
    return Row(
        line.name,
        joined(say("partner_kind", line.kind), line.municipality, said("topic", line.topics)),
        leading=Disc(kind_icon("partner")),
        on_press=lambda: go(f"/more/partners/{line.id}"),
        key=line.id,
    )


def _nobody(view: Directory) -> ft.Control:
    if view.filter != type(view.filter)():
        return Nothing(t("partners.not_found"), t("partners.not_found_detail"))
    return Nothing(
        t("partners.none"), t("partners.none_detail"), action=t("partners.new"),
        on_action=lambda: go("/new/entry/partner"),
    )  # fmt: skip
