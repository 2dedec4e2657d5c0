"""One encounter: what is counted, what is told, where it stands, who changed it."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.encounters import EncounterView
from goes_mobile.state.encounters import EncounterFile
from goes_mobile.ui.components import (
    Banner,
    Icon,
    Loading,
    Menu,
    Meta,
    NotHere,
    Outlined,
    Pills,
    Section,
    StatePill,
    TextAction,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.delivery import DeliveryPill, ReviewPill
from goes_mobile.ui.parts.encounter import EncounterFacts, subtitle, title
from goes_mobile.ui.parts.talk import Talk
from goes_mobile.ui.parts.tasks import TaskRows
from goes_mobile.ui.parts.words import who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t, when
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view

KINDS = ("encounter", "participation", "task", "review", "review_answer", "young_person", "delivery")


@component
def EncounterScreen(encounter: str, person: str = "") -> ft.Control:
    """`person`: looked up from somebody's file, so that is where back leads."""
    view = use_view(lambda app: EncounterFile(app, encounter), *KINDS)
    shown = look()
    here = f"/people/{person}/met/{encounter}" if person else f"/encounters/{encounter}"
    back = f"/people/{person}" if person else None if shown.spacious else "/encounters"
    if view.missing:
        return Screen(t("encounters.one"), [NotHere()], back=back, chip=not shown.spacious)
    e = view.view
    if e is None:
        return Screen(t("encounters.one"), [Loading(t("encounters.opening"))], back=back, chip=not shown.spacious)

    async def delete() -> None:
        await view.delete()
        frame().notices.show(Notice(t("encounters.deleted"), tone="ok", action=t("do.undo"), on_action=restore))

    async def restore() -> None:
        await view.restore()
        frame().notices.show(Notice(t("encounters.restored"), tone="ok"))

    def correct() -> None:
        go(f"/edit/encounter/{encounter}")

    writes = not e.deleted and not e.closed
    wide = shown.spacious and not shown.roomy and writes
    actions: list[ft.Control] = (
        [Outlined(t("encounters.correct"), correct, icon=ft.Icons.EDIT_OUTLINED)] if wide else []
    )
    items: list[tuple[str, ft.IconData | None, object]] = []
    if writes:
        items.append((t("encounters.correct"), ft.Icons.EDIT_OUTLINED, correct))
    items.append((t("past.title"), ft.Icons.HISTORY_OUTLINED, lambda: go(f"{here}/history")))
    if writes:
        items.append((t("encounters.delete"), ft.Icons.DELETE_OUTLINED, delete))
    items.append((
        t("deletion.ask_record"), ft.Icons.DELETE_FOREVER_OUTLINED, lambda: go(f"/delete/encounter/{encounter}")
    ))  # fmt: skip
    body: list[ft.Control] = [
        *_banners(e, view.question, here, restore),
        Pills(*_pills(e)),
        *EncounterFacts(e),
    ]
    if e.tasks:
        body.append(Section(t("tasks.title"), TaskRows(e.tasks, others=True), count=len(e.tasks)))
    if view.talk:
        body.append(Section(t("encounters.talk"), Talk(view.talk)))
    body.append(_changes(e, here))
    return Screen(
        title(e.where, e.setting),
        body,
        subtitle=subtitle(e),
        back=back,
        actions=[*actions, Menu(t("encounters.more"), items)],
        chip=False,
    )


def _banners(e: EncounterView, question: str, here: str, restore: object) -> list[ft.Control]:
    """What is to be known or decided first: closed, deleted, two versions, a question; one below the other."""
    found: list[ft.Control] = []
    if e.closed:
        found.append(
            Banner(t("encounters.closed"), t("sharing.closed_detail"), tone="look", icon=ft.Icons.LOCK_OUTLINED)
        )
    if e.deleted:
        found.append(
            Banner(
                t("encounters.is_deleted"),
                t("encounters.is_deleted_detail"),
                tone="look",
                icon=ft.Icons.DELETE_OUTLINED,
                action=t("encounters.restore"),
                on_action=restore,
            )
        )
    if e.conflicts:
        found.append(
            Banner(
                t("versions.two", n=len(e.conflicts)),
                t("versions.two_detail"),
                tone="look",
                icon=ft.Icons.DIFFERENCE_OUTLINED,
                action=t("versions.decide"),
                on_action=lambda: go(f"{here}/versions"),
            )
        )
    if question:
        found.append(
            Banner(
                t("question.for_you"),
                tone="info",
                icon=ft.Icons.HELP_OUTLINE,
                action=t("question.answer"),
                on_action=lambda: go(f"/question/{question}"),
            )
        )
    return found


def _pills(e: EncounterView) -> list[ft.Control]:
    pills = [DeliveryPill(e.delivery), ReviewPill(e.review)]
    if e.conflicts:
        pills.append(StatePill("two_versions"))
    return pills


def _changes(e: EncounterView, here: str) -> ft.Control:
    words = t("encounters.changes", n=e.changes, when=when(e.changed_at) if e.changed_at else "", who=who(e.changed_by))
    way: list[ft.Control] = [TextAction(t("encounters.see_history"), lambda: go(f"{here}/history"))]
    if e.may_review and not e.deleted:
        way.append(TextAction(t("encounters.review_it"), lambda: go(f"/review/{e.id}")))
    icon = Icon(ft.Icons.HISTORY, size=22)
    if look().compact or look().roomy:
        return ft.Column(
            [ft.Row([icon, Meta(words, expand=True)], spacing=M), ft.Row(way, wrap=True)], spacing=0, tight=True
        )
    return ft.Row([icon, Meta(words), *way], spacing=M)
