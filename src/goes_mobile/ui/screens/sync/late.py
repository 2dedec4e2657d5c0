"""Late work: what a revoked device delivered afterwards, to be read and decided about by a supervisor."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from goes_mobile.services.devices import LateRecord, LateWork
from goes_mobile.state.devices import Decisions
from goes_mobile.ui.components import (
    Banner,
    Card,
    Fact,
    Facts,
    Loading,
    Meta,
    Nothing,
    Outlined,
    Primary,
    Strong,
    Subtitle,
    use_question,
)
from goes_mobile.ui.frame import Notice, app, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import device_words
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t, when
from goes_mobile.ui.theme import L, M, S
from goes_mobile.ui.views import use_view


@component
def LateScreen() -> ft.Control:
    view = use_view(Decisions, "delivery")
    asked, set_asked = ft.use_state(None)
    me = app().status.me
    decides = me is not None and me.role == "supervisor"

    async def decide() -> None:
        work, accept = asked
        if await view.decide(work, accept):
            frame().notices.show(Notice(t("late.accepted") if accept else t("late.declined"), tone="ok"))

    accept = asked is not None and asked[1]
    use_question(
        asked is not None,
        t("late.accept_title") if accept else t("late.decline_title"),
        t("late.accept_detail") if accept else t("late.decline_detail"),
        t("late.accept") if accept else t("late.decline"),
        decide,
        t("devices.cancel"),
        lambda: set_asked(None),
        danger=not accept,
    )
    if view.works is None:
        body: list[ft.Control] = [Loading()]
    elif not view.works:
        body = [Nothing(t("late.none"), t("late.none_detail"), icon=ft.Icons.CHECK_CIRCLE_OUTLINED)]
    else:
        body = [
            Banner(t("late.what"), t("late.what_detail"), tone="info", icon=ft.Icons.INVENTORY_2_OUTLINED),
            *([Banner(refusal(view.trouble), tone="look", live=True)] if view.trouble else []),
            *(_work(work, decides, lambda yes, work=work: set_asked((work, yes))) for work in view.works),
        ]
    return Screen(t("late.title"), body, back="/more/sync", chip=False)


def _work(work: LateWork, decides: bool, ask: Callable[[bool], None]) -> ft.Control:
    lines: list[ft.Control] = [
        ft.Column(
            [
                Subtitle(t("late.from", who=work.name or t("late.somebody"))),
                Meta(device_words(work.called, work.device)),
                Meta(t("late.share_ended" if work.reason == "share_ended" else "late.device_ended")),
                Meta(t("late.how_many", n=len(work.records), when=when(work.since) if work.since else "")),
            ],
            spacing=4,
            tight=True,
        ),
        *(_record(record) for record in work.records),
    ]
    if work.unreadable:
        lines.append(Meta(t("late.unreadable", n=work.unreadable)))
    if decides:
        lines.append(
            ft.Row(
                [
                    Primary(t("late.accept"), lambda: ask(True), icon=ft.Icons.CHECK),
                    Outlined(t("late.decline"), lambda: ask(False), icon=ft.Icons.CLOSE),
                ],
                wrap=True,
                spacing=M,
                run_spacing=M,
            )
        )
    return Card(*lines, spacing=L)


def _record(record: LateRecord) -> ft.Control:
    facts = Facts([Fact(label, value) for label, value in record.lines])
    return ft.Column([Strong(record.title), facts], spacing=S, tight=True)
