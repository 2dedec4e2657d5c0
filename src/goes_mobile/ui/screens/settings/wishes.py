"""The settings; each counts at once, so there is nothing to save."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.state.settings import LOCK_MINUTES, SCALES, Here, Settings, Wishes
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import (
    Card,
    Cells,
    Chevron,
    Choice,
    Disc,
    Fact,
    Facts,
    Group,
    Label,
    Loading,
    Meta,
    Narrative,
    Row,
    Section,
    Segment,
    Switch,
    TextAction,
)
from goes_mobile.ui.frame import frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.columns import Columns
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import LANGUAGES, t
from goes_mobile.ui.theme import M, S
from goes_mobile.ui.views import use_view
from goes_mobile.ui.wishes import wish


@component
def SettingsScreen() -> ft.Control:
    view = use_view(Settings, "member", "site")
    now, here = view.wished, view.here
    if now is None or here is None:
        return Screen(t("settings.title"), [Loading()], back="/more")

    def set_(**changed: Any) -> Any:
        return wish(view, **changed)

    main = [_looks(now, set_), _hand(now, set_)]
    aside = [_lock(view, now, here, set_), _here(here)]
    wide = look().window == "wide"
    return Screen(t("settings.title"), [Columns(main, aside)] if wide else [*main, *aside], back="/more")


def _looks(now: Wishes, set_: Any) -> ft.Control:
    themes = [
        Choice("system", t("settings.theme_system"), ft.Icons.BRIGHTNESS_AUTO_OUTLINED),
        Choice("light", t("settings.theme_light"), ft.Icons.LIGHTBULB_OUTLINED),
        Choice("dark", t("settings.theme_dark"), ft.Icons.DARK_MODE_OUTLINED),
        Choice("sun", t("settings.theme_sun"), ft.Icons.WB_SUNNY_OUTLINED),
    ]
    sizes = [Choice(scale, f"{round(scale * 100)} %") for scale in SCALES]
    languages = [Choice(code, name) for code, name in LANGUAGES.items()]
    return Section(
        t("settings.looks"),
        _titled(t("settings.language"), Segment(languages, now.language, lambda code: set_(language=code))),
        _titled(t("settings.theme"), _themes(themes, now, set_)),
        _titled(
            t("settings.size"),
            ft.Column(
                [
                    Cells(sizes, now.scale, lambda scale: set_(scale=scale), per_row=3),
                    Card(Narrative(t("settings.sample")), Meta(t("settings.sample_small"))),
                ],
                spacing=M,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ),
        spacing=M,
    )


def _themes(themes: list[Choice], now: Wishes, set_: Any) -> ft.Control:
    rows = [themes[:2], themes[2:]] if look().compact or look().roomy else [themes]
    return ft.Column(
        [Segment(row, now.theme, lambda theme: set_(theme=theme)) for row in rows],
        spacing=S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _hand(now: Wishes, set_: Any) -> ft.Control:
    return Section(
        t("settings.hand"),
        Group(
            [
                Switch(
                    t("settings.left"),
                    now.left_handed,
                    lambda on: set_(left_handed=on),
                    hint=t("settings.left_detail"),
                ),
                Switch(t("settings.touch"), now.touch, lambda on: set_(touch=on), hint=t("settings.touch_detail")),
            ],
            inset=16,
        ),
    )


def _lock(view: Settings, now: Wishes, here: Here, set_: Any) -> ft.Control:
    minutes = now.lock_minutes if now.lock_minutes is not None else round(view.app.presence.lock_after_s / 60)
    choices = [
        Choice(n, t("settings.lock_at_once") if n == 0 else str(n), None, t("settings.lock_after", n=n) if n else None)
        for n in LOCK_MINUTES
    ]
    kind = "pin" if here.lock_kind == "pin" else "passphrase"
    change = Row(
        t(f"settings.change_{kind}"),
        leading=Disc(ft.Icons.KEY_OUTLINED),
        trailing=Chevron(),
        on_press=lambda: go("/new/secret"),
    )
    return Section(
        t("settings.lock"),
        _titled(
            t("settings.lock_minutes"),
            Cells(choices, minutes, lambda n: set_(lock_minutes=n)),
            t("settings.lock_detail") if minutes else t("settings.lock_zero"),
        ),
        Group([change]),
        spacing=M,
    )


def _here(here: Here) -> ft.Control:
    facts = [
        Fact(t("settings.name"), here.name, ft.Icons.PERSON_OUTLINED),
        Fact(t("settings.role"), capital(say("role", here.role)), ft.Icons.BADGE_OUTLINED),
        Fact(t("settings.sites"), ", ".join(s.name for s in here.sites), ft.Icons.HOME_WORK_OUTLINED),
        Fact(t("settings.county"), here.county, ft.Icons.MAP_OUTLINED),
        Fact(t("settings.server"), here.server, ft.Icons.DNS_OUTLINED),
        Fact(t("settings.device"), f"… {here.device[-8:]}", ft.Icons.TABLET_OUTLINED),
    ]
    lock = frame().station.on_lock
    away = [ft.Row([TextAction(t("do.lock"), lock, icon=ft.Icons.LOCK_OUTLINED)])] if lock is not None else []
    return Section(t("settings.here"), Card(Facts(facts)), *away)


def _titled(title: str, control: ft.Control, detail: str = "") -> ft.Control:
    return ft.Column(
        [Label(title), control, *([Meta(detail)] if detail else [])],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
