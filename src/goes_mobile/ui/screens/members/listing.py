"""Everybody of the organisation, with role, sites and devices."""

from __future__ import annotations

import flet as ft

from goes_mobile.records.roles import LEADS
from goes_mobile.state.colleagues import Colleague, Colleagues
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import (
    Avatar,
    Banner,
    Chevron,
    Disc,
    Field,
    Group,
    IconAction,
    Loading,
    Note,
    Nothing,
    Pill,
    Primary,
    Row,
    SaveBar,
    Section,
    Sheet,
    use_sheet,
)
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def MembersScreen() -> ft.Control:
    view = use_view(Colleagues, "member", "site")
    naming, set_naming = ft.use_state(None)
    name, set_name = ft.use_state("")
    me = view.app.status.me
    leads = me is not None and me.role in LEADS
    inviting = view.invites

    def begin(member: Colleague) -> None:
        set_name(member.line.name)
        set_naming(member)

    async def rename() -> None:
        member = naming
        set_naming(None)
        if member is not None and name.strip() and name.strip() != member.line.name:
            await view.rename(member.line.id, name.strip())

    use_sheet(
        naming is not None,
        lambda: Sheet(
            t("members.rename"),
            [
                ft.Container(
                    Field(t("members.name"), name, set_name, correct=False, autofocus=True),
                    padding=ft.Padding.symmetric(horizontal=24, vertical=8),
                )
            ],
            on_close=lambda: set_naming(None),
            foot=ft.Row([ft.Container(Primary(t("do.save"), rename, icon=ft.Icons.CHECK), expand=True)]),
            short=True,
        ),
        on_close=lambda: set_naming(None),
    )
    if view.lines is None:
        body: list[ft.Control] = [Loading()]
    elif view.lines:
        body = [Group([_row(member, (lambda m=member: begin(m)) if leads else None) for member in view.lines])]
    else:
        body = [Nothing(t("members.none"), t("members.none_detail"), icon=ft.Icons.GROUPS_OUTLINED)]
    if leads and view.lines:
        ways = [Row(t("helping.title"), t("helping.way"), leading=Disc(ft.Icons.LOCK_RESET), trailing=Chevron(),
                    on_press=lambda: go("/new/unlock"), key="help")]  # fmt: skip
        if me is not None and me.role == "admin":
            ways.append(Row(t("handing.title"), t("handing.way"), leading=Disc(ft.Icons.KEY_OUTLINED),
                            trailing=Chevron(), on_press=lambda: go("/new/keys"), key="keys"))  # fmt: skip
        body.append(Group(ways))
    if leads and view.left:
        body.append(Section(t("members.left"), Group([_left(member) for member in view.left]), count=len(view.left)))
    if view.lines and any(member.suspended for member in view.lines):
        body.insert(0, Banner(t("members.suspended_why"), t("members.suspended_do"), tone="look"))
    if not inviting:
        body.append(Note(t("members.who_invites")))
    thumb = look().compact

    def invite() -> None:
        go("/new/invite")

    return Screen(
        t("members.title"),
        body,
        back="/more",
        actions=[Primary(t("members.invite"), invite, icon=ft.Icons.PERSON_ADD_OUTLINED)]
        if inviting and not thumb
        else [],
        bar=SaveBar(t("members.invite"), invite, icon=ft.Icons.PERSON_ADD_OUTLINED) if inviting and thumb else None,
    )


def _left(member: Colleague) -> ft.Control:
    line = member.line
    return Row(
        line.name,
        _place(member),
        leading=Avatar(line.name, tone="plain"),
        trailing=Chevron(),
        on_press=lambda: go(f"/more/members/{line.id}"),
        key=line.id,
    )


def _place(member: Colleague) -> str:
    line = member.line
    return joined(capital(say("role", line.role)), ", ".join(site.name for site in line.sites))


def _row(member: Colleague, rename: ft.OptionalControlEventCallable | None) -> ft.Control:
    line = member.line
    pills: list[ft.Control] = []
    if line.me:
        pills.append(Pill(t("members.me"), ft.Icons.PERSON_OUTLINED, "primary"))
    if member.devices:
        pills.append(Pill(t("members.devices", n=member.devices), ft.Icons.DEVICES_OUTLINED, "plain"))
    elif member.suspended:
        pills.append(Pill(t("members.suspended"), ft.Icons.BLOCK_OUTLINED, "lost"))
    elif member.invited:
        pills.append(Pill(t("members.invited"), ft.Icons.MAIL_OUTLINED, "info"))
    else:
        pills.append(Pill(t("members.no_device"), ft.Icons.PHONELINK_OFF_OUTLINED, "plain"))
    return Row(
        line.name,
        _place(member),
        leading=Avatar(line.name),
        below=pills,
        trailing=IconAction(ft.Icons.EDIT_OUTLINED, t("members.rename_who", who=line.name), rename) if rename else None,
        on_press=lambda: go(f"/more/members/{line.id}"),
        key=line.id,
    )
