"""Mehr: everything that is not daily, sun and lock within two taps."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.settings import Settings
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import Avatar, Card, Chevron, Disc, Group, Meta, Outlined, Row, Strong, Switch, kind_icon
from goes_mobile.ui.components.bars import net_words
from goes_mobile.ui.frame import Delivery, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.columns import Columns
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import L
from goes_mobile.ui.views import use_view
from goes_mobile.ui.wishes import wish


@component
def MoreScreen() -> ft.Control:
    view = use_view(Settings, "member")
    around = frame()
    me = view.app.status.me
    supervisor = me is not None and me.supervises
    admin = me is not None and me.role == "admin"
    work: list[ft.Control] = [
        _way("/encounters", ft.Icons.FORUM_OUTLINED, t("encounters.title")),
        _way("/more/materials", ft.Icons.FOLDER_OUTLINED, t("materials.title"), t("materials.detail")),
        _way("/more/partners", ft.Icons.HUB_OUTLINED, t("partners.title"), t("partners.detail")),
        _way("/more/tasks", ft.Icons.TASK_ALT_OUTLINED, t("tasks.title")),
        _way("/more/appointments", ft.Icons.EVENT_OUTLINED, t("appointments.title")),
        _way("/search", ft.Icons.SEARCH, t("lookup.title"), t("more.search_detail")),
    ]
    if supervisor:
        work.insert(0, _way("/record", ft.Icons.ADD, t("encounters.new")))
        work.insert(1, _way("/outing", ft.Icons.AIRPORT_SHUTTLE_OUTLINED, t("nav.outing")))
    if admin:
        work.append(_way("/figures", ft.Icons.INSERT_CHART_OUTLINED, t("figures.title")))
    concerns, detail = t("concerns.title"), t("concerns.who_reads")
    work.append(_way("/more/concerns", kind_icon("protection_concern"), concerns, detail))
    if view.app.files is not None:
        work.append(_way("/more/intake", ft.Icons.UPLOAD_FILE_OUTLINED, t("intake.title"), t("intake.detail")))
    work.append(_way("/more/deletions", ft.Icons.DELETE_OUTLINED, t("deletion.orders"), t("deletion.orders_detail")))
    if supervisor:
        work.append(
            _way("/more/calendar", ft.Icons.EVENT_BUSY_OUTLINED, t("deletion.calendar"), t("deletion.calendar_detail"))
        )
        work.append(_way("/more/accesses", ft.Icons.VISIBILITY_OUTLINED, t("accesses.title"), t("accesses.detail")))
    device: list[ft.Control] = [
        DeliveryWay(around.delivery),
        _way("/more/members", ft.Icons.GROUPS_OUTLINED, t("members.title"), t("more.members_detail")),
        _way("/more/settings", ft.Icons.SETTINGS_OUTLINED, t("settings.title")),
        _way("/more/about", ft.Icons.INFO_OUTLINED, t("about.title")),
    ]
    sun = Group(
        [
            Switch(
                t("more.sun"),
                around.appearance.theme == "sun",
                lambda on: wish(view, theme="sun" if on else "system"),
                hint=t("more.sun_detail"),
            )
        ]
    )
    main: list[ft.Control] = [_me(view), Group(work)]
    aside: list[ft.Control] = [sun, Group(device)]
    if around.station.on_lock is not None:
        aside.append(ft.Row([Outlined(t("do.lock"), around.station.on_lock, icon=ft.Icons.LOCK_OUTLINED)], wrap=True))
    wide = look().window == "wide"
    return Screen(t("more.title"), [Columns(main, aside)] if wide else [*main, *aside])


def _me(view: Settings) -> ft.Control:
    here = view.here
    name = here.name if here else ""
    about = joined(capital(say("role", here.role)), ", ".join(s.name for s in here.sites)) if here else ""
    words = ft.Column([Strong(name), Meta(about)], spacing=0, tight=True, expand=True)
    return Card(ft.Row([Avatar(name, size=48, tone="look"), words], spacing=L))


def _way(path: str, icon: ft.IconData, title: str, detail: str = "") -> ft.Control:
    return Row(title, detail, leading=Disc(icon), trailing=Chevron(), on_press=lambda: go(path), key=path)


@component
def DeliveryWay(delivery: Delivery) -> ft.Control:
    """Says at once how delivery stands; drawn anew when it moves."""
    return _way("/more/sync", ft.Icons.SYNC, t("sync.title"), net_words(delivery)[1])
