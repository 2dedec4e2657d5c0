"""One case: checks first, then the facts; ready-made questions; the verdict at the thumb, or in a third column."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.services.review import Verdict
from goes_mobile.services.review_case import ReviewCase
from goes_mobile.state.reviews import Case
from goes_mobile.ui.components import (
    Banner,
    Bar,
    Card,
    Icon,
    IconAction,
    Loading,
    Meta,
    NotHere,
    Outlined,
    Pills,
    Primary,
    Section,
    TextAction,
    use_sheet,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.delivery import DeliveryPill, ReviewPill
from goes_mobile.ui.parts.encounter import EncounterFacts, subtitle, title
from goes_mobile.ui.parts.talk import Talk
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.screens.review.verdict import AskSheet, Checks, VerdictPanel
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t, when
from goes_mobile.ui.theme import SAVE, M
from goes_mobile.ui.views import use_view

KINDS = ("encounter", "participation", "review", "review_answer", "young_person", "delivery")


@component
def CaseScreen(record: str) -> ft.Control:
    view = use_view(lambda app: Case(app, record), *KINDS)
    asking, set_asking = ft.use_state(False)
    shown = look()
    back = None if shown.spacious else "/review"

    async def decide(verdict: Verdict) -> None:
        around = frame()
        if around.once.again():
            return
        around.once.begin()
        given = False
        try:
            given = await view.give(verdict)
        finally:
            if not given:
                around.once.free()
        if not given:
            return
        set_asking(False)

        async def undo() -> None:
            await view.take_back()
            go(f"/review/{record}")

        go(f"/review/{view.next}" if view.next else "/review")
        around.once.done()
        around.notices.show(
            Notice(t(f"review.told_{verdict}"), "ok", _which(view.case), action=t("do.undo"), on_action=undo)
        )

    use_sheet(asking, lambda: AskSheet(view, decide, lambda: set_asking(False)), on_close=lambda: set_asking(False))
    if view.missing:
        return Screen(t("review.title"), [NotHere()], back=back, chip=not shown.spacious)
    case = view.case
    if case is None:
        return Screen(t("review.title"), [Loading(t("encounters.opening"))], back=back, chip=not shown.spacious)
    e = case.encounter
    may = e.may_review and not e.deleted
    panel = shown.window == "wide" and not shown.roomy
    body: list[ft.Control] = [*_banners(view, case, record), Pills(DeliveryPill(e.delivery), ReviewPill(e.review))]
    if case.talk:  # an answer is what the supervisor comes for
        body.append(Section(t("encounters.talk"), Talk(case.talk)))
    if not panel:
        body.append(Card(Checks(case.checks)))
    body += EncounterFacts(e, narrow=panel)
    body.append(_changes(case, record))
    screen = Screen(
        title(e.where, e.setting),
        body,
        subtitle=subtitle(e),
        back=back,
        actions=[] if panel else [_next(view)] if view.next else [],
        chip=False,
        bar=_bar(decide, lambda: set_asking(True)) if may and not panel else None,
    )
    if not panel:
        return screen
    return ft.Row(
        [
            ft.Container(screen, expand=True),
            ft.VerticalDivider(width=1, color=shown.palette.outline_soft),
            ft.Container(VerdictPanel(view, case, decide, may), width=300, bgcolor=shown.palette.bars),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _which(case: ReviewCase | None) -> str:
    """The notice stands on the next record: it says which one it is about."""
    return joined(title(case.encounter.where, case.encounter.setting), subtitle(case.encounter)) if case else ""


def _banners(view: Case, case: ReviewCase, record: str) -> list[ft.Control]:
    found: list[ft.Control] = []
    if view.newer:
        found.append(Banner(t("review.newer"), t("review.newer_detail"), tone="look", icon=ft.Icons.UPDATE, live=True))
    if case.encounter.deleted:
        found.append(Banner(t("encounters.is_deleted"), tone="look", icon=ft.Icons.DELETE_OUTLINED))
    if case.encounter.conflicts:
        found.append(
            Banner(
                t("versions.two", n=len(case.encounter.conflicts)),
                t("versions.two_detail"),
                tone="look",
                icon=ft.Icons.DIFFERENCE_OUTLINED,
                action=t("versions.decide"),
                on_action=lambda: go(f"/encounters/{record}/versions"),
            )
        )
    return found


def _next(view: Case) -> ft.Control:
    return IconAction(ft.Icons.ARROW_FORWARD, t("review.next"), lambda: go(f"/review/{view.next}"))


def _bar(decide: Any, ask: Any) -> ft.Control:
    shown = look()
    yes = Primary(t("review.approve"), lambda: decide("approved"), icon=ft.Icons.CHECK, height=SAVE, touch="medium")
    no = Outlined(t("review.ask"), ask, icon=ft.Icons.HELP_OUTLINE, height=SAVE)
    if shown.compact and shown.roomy:
        both = ft.Column([yes, no], spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        return Bar(ft.Container(both, expand=True))
    parts: list[ft.Control] = [no, ft.Container(yes, expand=True)]
    return Bar(*(reversed(parts) if shown.left_handed else parts))


def _changes(case: ReviewCase, record: str) -> ft.Control:
    e = case.encounter
    words = t("encounters.changes", n=e.changes, when=when(e.changed_at) if e.changed_at else "", who=who(e.changed_by))
    way = TextAction(t("encounters.see_history"), lambda: go(f"/review/{record}/history"))
    icon = Icon(ft.Icons.HISTORY, size=22)
    if look().compact or look().roomy:
        return ft.Column([ft.Row([icon, Meta(words, expand=True)], spacing=M), ft.Row([way])], spacing=0, tight=True)
    return ft.Row([icon, Meta(words, expand=True, expand_loose=True), way], spacing=M)
