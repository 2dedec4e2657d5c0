"""The first start: join with a code, found an organisation, or restore one; then the sheet, or a welcome by name."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.first_start import FirstStart, kept_sheet
from goes_mobile.ui.components import (
    Card,
    Chevron,
    Disc,
    Message,
    Row,
    TextAction,
    Title,
)
from goes_mobile.ui.frame import app, frame
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.screens.first_start.found import FoundForm
from goes_mobile.ui.screens.first_start.join import JoinForm, RecoverForm
from goes_mobile.ui.screens.first_start.sheet import Sheet, Welcome
from goes_mobile.ui.text import LANGUAGES, t

__all__ = ["FirstStartScreen", "SheetScreen"]


@component
def FirstStartScreen() -> ft.Control:
    view, _ = ft.use_state(lambda: FirstStart(app()))
    use_start(view.reload)
    match view.step:
        case "found":
            return FoundForm(view)
        case "join":
            return JoinForm(view)
        case "recover":
            return RecoverForm(view)
        case "working":
            return _Working()
        case "sheet":
            return Sheet(view, view.enter)
        case "welcome":
            return Welcome(view)
        case _:
            return _Choose(view)


@component
def SheetScreen() -> ft.Control:
    """After an interruption: the sheet that nobody has confirmed stands before everything else."""
    view, _ = ft.use_state(lambda: FirstStart(app()))

    async def load() -> None:
        view.words = await kept_sheet(view.app)

    async def kept() -> None:
        await view.confirm()
        frame().station.gate = None

    use_start(load)
    return Sheet(view, kept) if view.words else Threshold([])


def _Choose(view: FirstStart) -> ft.Control:
    def way(icon: ft.IconData, title: str, detail: str, step: str) -> ft.Control:
        return Card(
            Row(title, detail, leading=Disc(icon, "primary", size=48), trailing=Chevron()),
            padding=0,
            on_press=lambda: view.begin(step),
        )

    back: list[ft.Control] = []
    if view.neighbours:
        back.append(ft.Row([TextAction(t("first.leave"), view.leave, icon=ft.Icons.ARROW_BACK)]))
    return Threshold(
        [
            Title(t("first.title")),
            way(ft.Icons.VPN_KEY_OUTLINED, t("first.join"), t("first.join_detail"), "join"),
            way(ft.Icons.ADD_HOME_WORK_OUTLINED, t("first.found"), t("first.found_detail"), "found"),
            way(ft.Icons.SETTINGS_BACKUP_RESTORE, t("first.recover"), t("first.recover_detail"), "recover"),
            *back,
        ],
        trailing=_language(view),
        detail=t("first.device"),
    )


def _language(view: FirstStart) -> ft.Control:
    """To the other language; what is chosen later in the settings begins here."""
    others = [code for code in LANGUAGES if code != look().language]

    def switch() -> None:
        view.language = frame().appearance.language = others[0]

    return TextAction(LANGUAGES[others[0]], switch, icon=ft.Icons.TRANSLATE)


def _Working() -> ft.Control:
    return Threshold(
        [Message(t("first.working"), t("first.working_detail"), icon=ft.Icons.KEY_OUTLINED, tone="primary", live=True)]
    )
