"""What a young person reads: what they want, what is next, who helps. They sign here."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from goes_mobile.services.casework import ClientView, NextAppointment
from goes_mobile.services.goals import GoalView
from goes_mobile.state.client_view import ClientSide, WayBack
from goes_mobile.ui.components import Card, Disc, IconAction, Loading, NotHere, Outlined, Primary
from goes_mobile.ui.components.words import Icon, Words
from goes_mobile.ui.frame import app, frame
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.secret import SecretField
from goes_mobile.ui.parts.signature import Signature, SignaturePad
from goes_mobile.ui.parts.words import who
from goes_mobile.ui.text import clock, local, long_day, numeric_day, t
from goes_mobile.ui.theme import XL, L, M
from goes_mobile.ui.views import use_view

WIDTH = 760


@component
def ClientScreen(person: str) -> ft.Control:
    """Nothing but the way there: what is turned round stands before all screens, so that no back leads out of it."""
    use_start(lambda: setattr(frame().station, "turned", lambda: Turned(person, key=person)))
    return ft.Container()


@component
def Turned(person: str) -> ft.Control:
    view = use_view(lambda app: ClientSide(app, person), "goal", "appointment", "case", "young_person")
    signing, set_signing = ft.use_state("")
    leaving, set_leaving = ft.use_state(False)

    def out() -> None:
        frame().go(f"/people/{person}")
        frame().station.turned = None

    if leaving:
        return _Back(out, lambda: set_leaving(False))
    found = view.view
    if view.missing:
        return _page("", lambda: set_leaving(True), [NotHere()])
    if found is None:
        return _page("", lambda: set_leaving(True), [Loading()])
    goal = next((one for one in found.goals if one.id == signing), None)
    if goal is not None:
        return _Signing(view, goal, lambda: set_signing(""), key=goal.id)
    return _page(t("client.title", name=found.alias), lambda: set_leaving(True), _told(found, set_signing))


def _column(content: list[ft.Control], width: float = WIDTH) -> ft.Control:
    """In the middle where there is room, scrolling."""
    shown = look()
    column = ft.Column(content, spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    inside = ft.Container(
        column,
        padding=ft.Padding.only(left=shown.edge, right=shown.edge, top=M, bottom=XL),
        width=width if shown.spacious else None,
        expand=not shown.spacious,
    )
    return ft.Column([ft.Row([inside], alignment=ft.MainAxisAlignment.CENTER)], scroll=ft.ScrollMode.AUTO, expand=True)


def _page(title: str, on_leave: Callable[[], None], body: list[ft.Control]) -> ft.Control:
    back = Outlined(t("client.back", who=frame().station.name.split(" ")[0]), on_leave, icon=ft.Icons.LOCK_OUTLINED)
    return _column([ft.Row([back], wrap=True, alignment=ft.MainAxisAlignment.END), _headline(title), *body])


def _headline(text: str) -> ft.Control:
    return ft.Semantics(content=Words(text, "client_headline"), header=True, heading_level=1)


def _told(found: ClientView, sign: Callable[[str], None]) -> list[ft.Control]:
    body: list[ft.Control] = []
    if found.goals:
        body += [_heading(t("client.i_want")), *(_goal(goal, sign) for goal in found.goals)]
    if found.appointment is not None:
        body += [_heading(t("client.next")), _appointment(found.appointment)]
    if found.helpers:
        rows = [_line(ft.Icons.PERSON_OUTLINED, one.name) for one in found.helpers]
        body += [_heading(t("client.helps")), Card(*rows, spacing=M)]
    return body or [Words(t("client.nothing"), "client")]


def _heading(text: str) -> ft.Control:
    return ft.Semantics(content=Words(text, "title"), header=True, heading_level=2)


def _line(icon: ft.IconData, text: str) -> ft.Control:
    return ft.Row([Disc(icon, "primary"), Words(text, "client", expand=True)], spacing=L)


def _goal(goal: GoalView, sign: Callable[[str], None]) -> ft.Control:
    p = look().palette
    steps = [
        ft.Row(
            [
                Icon(ft.Icons.CHECK_CIRCLE if step.done else ft.Icons.RADIO_BUTTON_UNCHECKED,
                     p.ok if step.done else p.outline, 28, name=t("client.done" if step.done else "client.open")),
                Words(step.what, "client", expand=True),
            ],
            spacing=M,
        )
        for step in goal.steps
    ]  # fmt: skip
    if goal.signed_on is not None:
        said = Words(t("client.signed", day=numeric_day(goal.signed_on)), "body")
        signed: list[ft.Control] = [Signature(goal.signature), said]
    else:
        signed = [ft.Row([Outlined(t("client.sign"), lambda: sign(goal.id), icon=ft.Icons.DRAW_OUTLINED)], wrap=True)]
    return Card(Words(f"„{goal.wording}“", "client"), *steps, *signed, spacing=M)


def _appointment(found: NextAppointment) -> ft.Control:
    at = local(found.at)
    lines = [
        _line(ft.Icons.EVENT_OUTLINED, t("client.at", day=long_day(at), clock=clock(at))),
        *([_line(ft.Icons.FLAG_OUTLINED, found.what)] if found.what else []),
        *([_line(ft.Icons.PLACE_OUTLINED, found.place)] if found.place else []),
        *([_line(ft.Icons.PERSON_OUTLINED, t("client.with", who=who(found.member)))] if found.member else []),
    ]
    return Card(*lines, spacing=M)


@component
def _Signing(view: ClientSide, goal: GoalView, on_done: Callable[[], None]) -> ft.Control:
    drawn, set_drawn = ft.use_state("")

    async def sign() -> None:
        await view.sign(goal.id, drawn)
        on_done()

    yes = Primary(t("client.sign_yes"), sign, icon=ft.Icons.CHECK, why_not=None if drawn else t("client.sign_first"))
    return _column(
        [
            ft.Row([IconAction(ft.Icons.ARROW_BACK, t("do.back"), on_done)]),
            _headline(t("client.sign_title")),
            Words(f"„{goal.wording}“", "client"),
            SignaturePad(drawn, set_drawn),
            ft.Row([yes], wrap=True),
            *([] if drawn else [Words(t("client.sign_first"), "body", look().palette.ink_soft)]),
        ]
    )


@component
def _Back(out: Callable[[], None], on_close: Callable[[], None]) -> ft.Control:
    """Whoever turned the screen round says who they are."""
    view, _ = ft.use_state(lambda: WayBack(app()))
    use_start(view.reload)
    use_start(view.count_down, view.pause_s > 0)
    use_start(lambda: out() if view.passed else None, view.passed)
    if not view.who:
        return ft.Container()
    return _column(
        [
            ft.Row([IconAction(ft.Icons.ARROW_BACK, t("do.back"), on_close)]),
            _headline(t("client.back_title")),
            SecretField(view, t("client.unlock")),
        ],
        480,
    )
