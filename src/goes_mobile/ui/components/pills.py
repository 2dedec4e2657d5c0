"""Pills tell a state and are never tapped: always an icon and a word."""

from __future__ import annotations

from typing import NamedTuple

import flet as ft

from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components.words import Icon, Words
from goes_mobile.ui.look import look
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import FULL


class State(NamedTuple):
    key: str
    icon: ft.IconData
    tone: Tone


STATES: dict[str, State] = {
    # what happened to a record on its way
    "draft": State("state.draft", ft.Icons.EDIT_NOTE_OUTLINED, "plain"),
    "saved": State("state.saved", ft.Icons.SAVE_OUTLINED, "plain"),
    "waiting": State("state.waiting", ft.Icons.SCHEDULE_OUTLINED, "info"),
    "delivered": State("state.delivered", ft.Icons.CLOUD_DONE_OUTLINED, "ok"),
    "seen": State("state.seen", ft.Icons.DEVICES_OUTLINED, "ok"),
    "two_versions": State("state.two_versions", ft.Icons.DIFFERENCE_OUTLINED, "look"),
    "held": State("state.held", ft.Icons.REPORT_OUTLINED, "lost"),
    # what the supervisor said
    "open": State("state.open", ft.Icons.FACT_CHECK_OUTLINED, "primary"),
    "approved": State("state.approved", ft.Icons.VERIFIED_OUTLINED, "ok"),
    "question": State("state.question", ft.Icons.HELP_OUTLINE, "info"),
    "answered": State("state.answered", ft.Icons.REPLY_OUTLINED, "info"),
    "returned": State("state.returned", ft.Icons.UNDO_OUTLINED, "look"),
    "changed_since": State("state.changed_since", ft.Icons.HISTORY_OUTLINED, "look"),
}


def Pill(text: str, icon: ft.IconData | None = None, tone: Tone = "plain") -> ft.Control:
    """A word on a coloured ground, with its icon."""
    shown = look()
    pair = shown.palette.pair(tone)
    words = Words(text, "badge", pair.ink, expand=True)
    words.expand_loose = True
    return ft.Container(
        content=ft.Row([*([Icon(icon, pair.ink, 16)] if icon else []), words], spacing=6, tight=True),
        padding=ft.Padding.only(left=10 if icon else 12, right=12, top=5, bottom=5),
        bgcolor=pair.ground,
        border_radius=FULL,
        border=ft.Border.all(shown.palette.border, shown.palette.outline) if shown.theme == "sun" else None,
    )


def StatePill(state: str, n: int = 1, *, small: bool = False) -> ft.Control:
    """The pill of a record's or review's state; with large text or `small` only its icon, named for readers."""
    kind = STATES[state]
    text = t(kind.key, n=n)
    if small:
        return Icon(kind.icon, look().palette.pair(kind.tone).accent, 24, name=text)
    return Pill(text, kind.icon, kind.tone)


def Count(n: int, tone: Tone = "plain") -> ft.Control:
    """How many there are, beside a section's title."""
    shown = look()
    pair = shown.palette.pair(tone)
    return ft.Container(
        content=Words(str(n), "badge", pair.ink),
        padding=ft.Padding.symmetric(horizontal=11, vertical=5),
        bgcolor=pair.ground,
        border_radius=FULL,
        border=ft.Border.all(shown.palette.border, shown.palette.outline) if shown.theme == "sun" else None,
    )


def Pills(*pills: ft.Control) -> ft.Control:
    """Pills side by side, wrapping."""
    return ft.Row(list(pills), wrap=True, spacing=8, run_spacing=8)
