"""The profile cannot be opened at all: why, what is safe, one thing to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.ui.components import Message
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.text import has, t

_SAID = {
    "profile_in_use": "trouble.in_use",
    "disk_full": "trouble.cannot_write",
    "read_only": "trouble.cannot_write",
    "disk_error": "trouble.cannot_write",
}


@component
def TroubleScreen(code: str, on_retry: Callable[[], Any]) -> ft.Control:
    key = _SAID.get(code, "trouble.damaged")
    return Threshold(
        [
            Message(
                t(key),
                t(f"{key}_detail", code=code) if has(f"{key}_detail") else t("problem.safe_code", code=code),
                icon=ft.Icons.ERROR_OUTLINED,
                tone="lost" if key == "trouble.damaged" else "look",
                action=t("do.retry"),
                on_action=on_retry,
                action_icon=ft.Icons.REFRESH,
                live=True,
            )
        ]
    )
