"""One member's devices. Ending one cannot be undone, so it is asked about once and explained."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from goes_mobile.services.devices import DeviceLine
from goes_mobile.state.devices import REASONS, MemberDevices
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import (
    Banner,
    Card,
    Danger,
    Disc,
    Field,
    Group,
    IconAction,
    Loading,
    Meta,
    NotHere,
    Nothing,
    Option,
    Outlined,
    PickSheet,
    Pill,
    Primary,
    Row,
    Section,
    Sheet,
    use_question,
    use_sheet,
)
from goes_mobile.ui.components.states import Note
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import device_words, joined
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t, when
from goes_mobile.ui.views import use_view

_STATES = {
    "active": (ft.Icons.CHECK_CIRCLE_OUTLINED, "ok"),
    "suspended": (ft.Icons.PAUSE_CIRCLE_OUTLINED, "look"),
    "revoked": (ft.Icons.BLOCK, "lost"),
}


@component
def MemberScreen(member: str) -> ft.Control:
    view = use_view(lambda app: MemberDevices(app, member), "member", "device", "task", "delivery")
    asked, set_asked = ft.use_state(None)
    ending, set_ending = ft.use_state(None)
    giving, set_giving = ft.use_state(False)
    heir, set_heir = ft.use_state(None)
    leaving, set_leaving = ft.use_state(False)
    naming, set_naming = ft.use_state(None)
    called, set_called = ft.use_state("")
    name = view.line.name if view.line else ""

    async def end() -> None:
        device, reason = ending
        if await view.end(device.id, reason):
            frame().notices.show(Notice(t("devices.ended"), tone="ok", detail=t("devices.ended_detail")))

    async def leave() -> None:
        tasks = len(view.tasks)
        if await view.leave(heir):
            back = t("devices.tasks_back") if tasks else ""
            detail = t("devices.ended_detail")
            frame().notices.show(Notice(t("devices.left", who=name), "ok", detail, back, view.take_back))

    def name_it(line: DeviceLine) -> None:
        set_called(line.called)
        set_naming(line)

    async def rename() -> None:
        line = naming
        set_naming(None)
        if called.strip() and called.strip() != line.called:
            await view.rename(line.id, called.strip())

    def give(to: str | None) -> None:
        set_heir(to)
        set_leaving(True)

    def begin() -> None:
        set_heir(None)
        (set_giving if view.tasks else set_leaving)(True)

    use_sheet(
        asked is not None,
        lambda: PickSheet(
            t("devices.why"),
            [Option(code, t(f"devices.reason_{code}")) for code in REASONS],
            None,
            lambda code, device=asked: set_ending((device, code)),
            lambda: set_asked(None),
        ),
        on_close=lambda: set_asked(None),
    )
    use_sheet(
        naming is not None,
        lambda: Sheet(
            t("devices.rename"),
            [
                ft.Container(
                    Field(t("devices.name"), called, set_called, note=t("devices.name_note"), autofocus=True),
                    padding=ft.Padding.symmetric(horizontal=24, vertical=8),
                )
            ],
            on_close=lambda: set_naming(None),
            foot=ft.Row([ft.Container(Primary(t("do.save"), rename, icon=ft.Icons.CHECK), expand=True)]),
            short=True,
        ),
        on_close=lambda: set_naming(None),
    )
    use_question(
        ending is not None,
        t("devices.end_title", who=name),
        t("devices.end_detail"),
        t("devices.end"),
        end,
        t("devices.cancel"),
        lambda: set_ending(None),
        danger=True,
    )
    use_sheet(
        giving,
        lambda: PickSheet(
            t("devices.tasks_whose", n=len(view.tasks)),
            [
                Option(None, t("devices.tasks_site"), t("devices.tasks_site_detail"), ft.Icons.HOME_WORK_OUTLINED),
                *(Option(colleague.id, colleague.name, icon=ft.Icons.PERSON_OUTLINED) for colleague in view.heirs),
            ],
            "",
            give,
            lambda: set_giving(False),
        ),
        on_close=lambda: set_giving(False),
    )
    use_question(
        leaving,
        t("devices.leave_title", who=name),
        _leaving(view, heir),
        t("devices.leave"),
        leave,
        t("devices.cancel"),
        lambda: set_leaving(False),
        danger=True,
    )
    if view.missing:
        return Screen(t("members.title"), [NotHere()], back="/more/members")
    if view.line is None:
        return Screen(t("members.title"), [Loading()], back="/more/members")
    about = joined(capital(say("role", view.line.role)), ", ".join(site.name for site in view.line.sites))
    return Screen(name, [Meta(about), *_body(view, name, set_asked, name_it, begin)], back="/more/members")


def _body(view: MemberDevices, name: str, ask: Callable[[DeviceLine], None], name_it: Callable[[DeviceLine], None],
          begin: Callable[[], None]) -> list[ft.Control]:  # fmt: skip
    body: list[ft.Control] = []
    if view.trouble:
        body.append(Banner(refusal(view.trouble), tone="look", live=True))
    if view.devices:
        body.append(
            Group(
                [
                    _device(line, lambda line=line: ask(line), lambda line=line: name_it(line), view.busy)
                    for line in view.devices
                ]
            )
        )
    else:
        body.append(Nothing(t("members.no_device"), t("devices.none_detail"), icon=ft.Icons.PHONELINK_OFF_OUTLINED))
    if view.tasks and (view.may_leave or not (view.line and view.line.active)):
        body.append(_tasks(view))
    if view.may_leave:
        body.append(
            Card(
                Note(t("devices.leave_hint", who=name)),
                ft.Row([Danger(t("devices.leave"), begin, icon=ft.Icons.LOGOUT)], wrap=True),
            )
        )
    return body


def _tasks(view: MemberDevices) -> ft.Control:
    rows = [Row(task.name, leading=Disc(ft.Icons.TASK_ALT), key=task.id) for task in view.tasks]
    hint = [Meta(t("devices.tasks_detail"))] if view.may_leave else []
    return Section(t("devices.tasks"), Group(rows), *hint, count=len(rows))


def _leaving(view: MemberDevices, heir: str | None) -> str:
    """What is about to happen, and to whom the tasks go."""
    if not view.tasks:
        return t("devices.leave_detail")
    who = next((colleague.name for colleague in view.heirs if colleague.id == heir), t("devices.tasks_site"))
    return t("devices.leave_detail") + " " + t("devices.leave_tasks", n=len(view.tasks), who=who)


def _device(line: DeviceLine, end: Callable[[], None], rename: Callable[[], None], busy: bool) -> ft.Control:
    name = device_words(line.called, line.id)
    icon, tone = _STATES[line.state]
    pills: list[ft.Control] = [Pill(t(f"devices.state_{line.state}"), icon, tone)]  # type: ignore[arg-type]
    if line.here:
        pills.append(Pill(t("devices.here"), ft.Icons.PERSON_OUTLINED, "primary"))
    if line.reason:
        pills.append(Pill(t(f"devices.reason_{line.reason}"), ft.Icons.INFO_OUTLINED, "plain"))
    below: list[ft.Control] = [ft.Row(pills, wrap=True, spacing=8, run_spacing=8)]
    if not line.refused and line.state != "revoked":
        button = Outlined(t("devices.end"), None if busy else end, icon=ft.Icons.BLOCK)
        below.append(ft.Row([button], wrap=True))
    return Row(
        name,
        t("devices.heard", when=when(line.last_heard)) if line.last_heard else t("devices.never_heard"),
        leading=Disc(ft.Icons.TABLET_ANDROID_OUTLINED, tone),  # type: ignore[arg-type]
        below=below,
        trailing=IconAction(ft.Icons.EDIT_OUTLINED, t("devices.rename_which", name=name), rename)
        if line.may_rename and line.state != "revoked"
        else None,
        key=line.id,
    )
