"""The profile cannot be opened at all: why, what is safe, one thing to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from goes_mobile.ui.components import Message
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.threshold import Threshold
from goes_mobile.ui.text import t

_SAID = {
    "profile_in_use": "in_use",
    "disk_full": "cannot_write",
    "read_only": "cannot_write",
    "disk_error": "cannot_write",
}


@component
def TroubleScreen(code: str, on_retry: Callable[[], Any]) -> ft.Control:
    kind = _SAID.get(code, "damaged")
    return Threshold(
        [
            Message(
                t(f"trouble.{kind}"),
                t(f"trouble.{kind}_detail") if kind != "damaged" else t("problem.safe_code", code=code),
                icon=ft.Icons.ERROR_OUTLINED,
                tone="lost" if kind == "damaged" else "look",
                action=t("do.retry"),
                on_action=on_retry,
                action_icon=ft.Icons.REFRESH,
                live=True,
            )
        ]
    )
