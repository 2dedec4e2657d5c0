"""Löschanträge: who asks for what and why; the second person's yes; how many devices have done it."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.deletion import OrderLine
from goes_mobile.state.deletion import Deletions
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import (
    Card,
    Danger,
    Field,
    Group,
    Loading,
    Meta,
    Nothing,
    Pill,
    Pills,
    Primary,
    Row,
    Section,
    Sheet,
    Strong,
    TextAction,
    Tonal,
    use_sheet,
)
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import numeric_day, t, when
from goes_mobile.ui.theme import L, M, S
from goes_mobile.ui.views import use_view

KINDS = ("deletion_request", "retention_hold", "young_person", "encounter", "delivery")
PLACES = {"young_person": "/people", "encounter": "/encounters"}


@component
def DeletionsScreen() -> ft.Control:
    view = use_view(Deletions, *KINDS)

    async def release() -> None:
        error = await view.release()
        words = refusal(error) if error else t("deletion.released")
        frame().notices.show(Notice(words, tone="lost" if error else "ok"))

    async def decline() -> None:
        if await view.decline():
            frame().notices.show(Notice(t("deletion.no_said"), tone="ok"))

    use_sheet(bool(view.chosen), lambda: _sure(view, release), on_close=view.choose)
    use_sheet(view.declining is not None, lambda: _no(view, decline), on_close=lambda: view.begin_no(None))
    if view.lines is None:
        return Screen(t("deletion.orders"), [Loading()], back="/more")
    left = view.left_behind if len(view.left_behind) > 1 else []
    waiting = [line for line in view.lines if line.state == "proposed" and line not in left]
    done = [line for line in view.lines if line.state != "proposed"]
    body: list[ft.Control] = []
    if waiting or left:
        cards = [*([_left_behind(view, left)] if left else []), *(_waiting(view, line) for line in waiting)]
        body.append(Section(t("deletion.waiting"), *cards, count=len(waiting) + len(left)))
    if done:
        shown = done[: view.shown]
        body.append(Section(t("deletion.decided"), Group([_done(line) for line in shown], inset=16), count=len(done)))
        if len(done) > len(shown):
            body.append(TextAction(t("deletion.more"), view.more))
    if not body:
        body = [Nothing(t("deletion.none"), t("deletion.none_detail"), icon=ft.Icons.DELETE_OUTLINED)]
    return Screen(t("deletion.orders"), body, back="/more")


def _title(line: OrderLine) -> str:
    named = ", ".join(subject.name for subject in line.about) or t("deletion.unnamed")
    return t("deletion.whole_file", who=named) if line.action == "erase" else named


def _asked(line: OrderLine) -> str:
    at = when(line.proposed_at) if line.proposed_at else ""
    return joined(capital(say("deletion_reason", line.reason)), who(line.proposed_by), at)


def _waiting(view: Deletions, line: OrderLine) -> ft.Control:
    content: list[ft.Control] = [_what(line), Meta(_asked(line))]
    if line.text:
        content.append(Meta(t("deletion.quoted", text=line.text)))
    if line.refusal:
        day = numeric_day(line.held_until) if line.held_until else ""
        content.append(Pills(Pill(refusal(line.refusal, {"until": day}), ft.Icons.INFO_OUTLINED, "look")))
    else:
        ways = _ways(line) if look().roomy else []
        no = TextAction(t("deletion.no"), lambda: view.begin_no(line))
        release = Tonal(t("deletion.release"), lambda: view.choose(line), icon=ft.Icons.CHECK)
        content.append(ft.Row([*ways, no, release], alignment=ft.MainAxisAlignment.END, wrap=True))
    return Card(*content, key=line.id)


def _what(line: OrderLine) -> ft.Control:
    """What is to go, and beside it the way there."""
    ways = _ways(line)
    if not ways or look().roomy:
        return Strong(_title(line))
    title = ft.Container(Strong(_title(line)), expand=True)
    return ft.Row([title, *ways], spacing=S, margin=ft.Margin.only(right=-M))


def _ways(line: OrderLine) -> list[ft.Control]:
    return [TextAction(t("deletion.look"), lambda path=path: go(path)) for path in _paths(line)]


def _left_behind(view: Deletions, lines: list[OrderLine]) -> ft.Control:
    """Many that are alike: one look, one decision."""
    release = Tonal(t("deletion.release_all", n=len(lines)), lambda: view.choose(*lines), icon=ft.Icons.CHECK)
    return Card(
        Strong(t("deletion.left_behind", n=len(lines))),
        Meta(t("deletion.left_behind_detail")),
        ft.Row([release], alignment=ft.MainAxisAlignment.END, wrap=True),
        key="left-behind",
    )


def _paths(line: OrderLine) -> list[str]:
    """Where to read what is to go."""
    return [f"{PLACES[subject.kind]}/{subject.id}" for subject in line.about if subject.kind in PLACES]


def _done(line: OrderLine) -> ft.Control:
    reason = capital(say("deletion_reason", line.reason))
    if line.state == "declined":
        return Row(
            _title(line),
            joined(reason, who(line.proposed_by)),
            below=[
                Pill(joined(t("deletion.declined"), who(line.declined_by)), ft.Icons.BLOCK_OUTLINED, "plain"),
                Meta(t("deletion.quoted", text=line.declined)),
            ],
            key=line.id,
        )
    whole = line.state == "carried_out"
    words = t("deletion.devices", done=line.confirmed, all=line.asked)
    return Row(
        _title(line),
        joined(reason, who(line.proposed_by), who(line.released_by)),
        below=[Pill(words, ft.Icons.CHECK if whole else ft.Icons.SCHEDULE, "ok" if whole else "look")],
        key=line.id,
    )


def _sure(view: Deletions, release: object) -> ft.Control:
    lines = view.chosen
    title = _title(lines[0]) if len(lines) == 1 else t("deletion.left_behind", n=len(lines)) if lines else ""
    words = ft.Container(
        ft.Column([Strong(title), Meta(t("deletion.no_way_back"))], tight=True),
        padding=ft.Padding.symmetric(horizontal=24, vertical=8),
    )
    return Sheet(
        t("deletion.release_this"),
        [words],
        on_close=view.choose,
        foot=ft.Row([ft.Container(Danger(t("deletion.delete_now"), release), expand=True)]),
        short=True,
    )


def _no(view: Deletions, decline: object) -> ft.Control:
    line = view.declining
    why = Field(
        t("deletion.no_why"), view.why, view.write, lines=3, error=refusal(view.error), note=t("deletion.no_why_note")
    )
    return Sheet(
        t("deletion.no_title"),
        [
            ft.Container(
                ft.Column([Strong(_title(line) if line else ""), why], tight=True, spacing=L),
                padding=ft.Padding.symmetric(horizontal=24, vertical=8),
            )
        ],
        on_close=lambda: view.begin_no(None),
        foot=ft.Row([ft.Container(Primary(t("deletion.no"), decline), expand=True)]),
        short=True,
    )
