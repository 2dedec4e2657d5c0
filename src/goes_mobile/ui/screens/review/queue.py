"""The queue: what is my turn, what waits for its author, what is done."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.review import QueueLine
from goes_mobile.state.reviews import ReviewQueue, Turn
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import Avatar, Chip, Chips, Listing, Loading, Message, Nothing, Row
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.delivery import ReviewPill
from goes_mobile.ui.parts.encounter import title
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import number, t, when
from goes_mobile.ui.views import use_view

KINDS = ("encounter", "review", "review_answer", "participation")


@component
def ReviewScreen() -> ft.Control:
    view = use_view(ReviewQueue, *KINDS)
    chosen = ft.use_route_params().get("record", "")
    me = view.app.status.me
    pane = look().spacious
    if me is not None and not me.supervises:
        only = Message(t("review.not_you"), t("review.not_you_detail"), icon=ft.Icons.FACT_CHECK_OUTLINED, tone="plain")
        return Screen(t("review.title"), [only])
    lines = view.lines
    if view.queue is None:
        body: ft.Control | list[ft.Control] = [Loading()]
    elif lines:
        body = Listing(
            [_row(line, chosen == line.id) for line in lines[: view.shown]],
            more=view.more if len(lines) > view.shown else None,
            left=min(len(lines) - view.shown, 50),
        )
    else:
        body = [_nothing(view.turn)]
    return Screen(
        t("review.title"),
        body,
        head=Chips(*(_chip(view, turn) for turn in ("open", "waiting", "done"))),
        pane=pane,
    )


def _chip(view: ReviewQueue, turn: Turn) -> ft.Control:
    words = t(f"review.turn_{turn}")
    n = len(getattr(view.queue, turn)) if view.queue is not None and turn != "done" else 0
    return Chip(f"{words} {number(n)}" if n else words, view.turn == turn, lambda on: view.choose(turn), key=turn)


def _row(line: QueueLine, chosen: bool) -> ft.Control:
    telling = line.state in ("answered", "changed", "question", "returned")
    return Row(
        title(line.where, line.setting),
        joined(who(line.author), when(line.at)),
        leading=Avatar(who(line.author)),
        below=[ReviewPill(line.state)] if telling else (),
        on_press=lambda: go(f"/review/{line.id}"),
        selected=chosen,
        key=line.id,
    )


def _nothing(turn: Turn) -> ft.Control:
    tone: Tone = "ok" if turn != "done" else "plain"
    icon = ft.Icons.TASK_ALT_OUTLINED if tone == "ok" else ft.Icons.FACT_CHECK_OUTLINED
    return Nothing(t(f"review.none_{turn}"), t(f"review.none_{turn}_detail"), icon=icon)
