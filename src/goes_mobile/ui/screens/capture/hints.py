"""What is worth a second look, beside the field it is about; never a reason not to save."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.capture import Capture
from goes_mobile.ui.components import Note
from goes_mobile.ui.text import has, t


def hints(view: Capture, *fields: str) -> list[ft.Control]:
    said = [
        t(f"hint.{hint.code}", **hint.facts) for hint in view.hints if hint.field in fields and has(f"hint.{hint.code}")
    ]
    return [Note(text, tone="look") for text in dict.fromkeys(said)]
