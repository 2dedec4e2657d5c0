"""An invite: who, as what, where; then a code to read out, type or scan. It is shown once."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.colleagues import HOURS, Invitation
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import (
    Banner,
    Card,
    Chip,
    Chips,
    Choice,
    Field,
    Label,
    Meta,
    Note,
    SaveBar,
    Segment,
    Strong,
    Subtitle,
    Words,
)
from goes_mobile.ui.components.fields import notes
from goes_mobile.ui.frame import frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.code import qr
from goes_mobile.ui.refusals import refusal, refusals
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, has, long_day, t
from goes_mobile.ui.theme import L, M, S
from goes_mobile.ui.views import use_view


@component
def InviteScreen() -> ft.Control:
    view = use_view(Invitation)
    if view.code:
        return _made(view)
    said = refusals(view.errors)
    roles = [
        Chip(capital(say("role", r)), view.role == r, lambda on, r=r: setattr(view, "role", r), key=r)
        for r in view.roles
    ]
    sites = [
        Chip(site.name, site.id in view.sites, lambda on, s=site.id: view.toggle(s, on), key=site.id)
        for site in view.offered
    ]
    hours = [Choice(n, t("members.hours", n=n) if n < 72 else t("members.days", n=n // 24)) for n in HOURS]
    body: list[ft.Control] = [
        *([_trouble(view)] if view.trouble else []),
        Field(t("members.name"), view.name, view.type_name, error=said.get("name", ""), correct=False, autofocus=True),
        _titled(t("members.role"), Chips(*roles), "", t(f"members.role_{view.role}")),
        _titled(t("members.sites"), Chips(*sites), said.get("sites", "")),
        _titled(t("members.valid"), Segment(hours, view.hours, lambda n: setattr(view, "hours", n))),
        Note(t("members.needs_network")),
    ]
    return Screen(
        t("members.invite"),
        body,
        on_close=frame().leave,
        bar=SaveBar(
            t("members.inviting") if view.busy else t("members.make_code"),
            view.invite,
            busy=view.busy,
            icon=ft.Icons.QR_CODE,
        ),
    )


def _titled(title: str, control: ft.Control, error: str = "", note: str = "") -> ft.Control:
    return ft.Column(
        [Label(title), control, *notes(error, note)],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _trouble(view: Invitation) -> ft.Control:
    if has(f"sync.trouble_{view.trouble}"):
        return Banner(t(f"sync.trouble_{view.trouble}"), t("members.try_later"), tone="look", live=True)
    return Banner(refusal(view.trouble, view.facts), tone="look", live=True)


def _server(view: Invitation) -> str:
    """An organisation that has never had a server beside it: there is no address to say."""
    return t("members.step_2", server=view.server) if view.server else t("members.step_2_ask")


def _made(view: Invitation) -> ft.Control:
    shown = look()
    groups = view.code.split("-")
    until = ""
    if view.expires is not None:
        until = t("members.until", day=long_day(view.expires), clock=clock(view.expires))
    code = ft.Semantics(
        content=ft.Row(
            [
                ft.Container(
                    Words(group, "title"),
                    padding=ft.Padding.symmetric(horizontal=M, vertical=S),
                    bgcolor=shown.palette.container,
                    border_radius=8,
                )
                for group in groups
            ],
            wrap=True,
            spacing=S,
            run_spacing=S,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        container=True,
    )
    steps = [t("members.step_1"), _server(view), t("members.step_3")]
    body: list[ft.Control] = [
        Card(
            Subtitle(t("members.code_for", who=view.name)),
            ft.Row([qr(view.code, t("members.qr"))], alignment=ft.MainAxisAlignment.CENTER),
            code,
            Meta(until, text_align=ft.TextAlign.CENTER),
            spacing=L,
            padding=20,
        ),
        Card(
            *(
                ft.Row(
                    [Strong(f"{n}."), Words(step, "body", expand=True)],
                    spacing=M,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                )
                for n, step in enumerate(steps, start=1)
            )
        ),
        Banner(t("members.once"), t("members.once_detail"), tone="look", icon=ft.Icons.VISIBILITY_OUTLINED),
    ]
    return Screen(
        t("members.invited_title"),
        body,
        on_close=lambda: go("/more/members"),
        bar=SaveBar(t("members.done"), lambda: go("/more/members")),
    )
