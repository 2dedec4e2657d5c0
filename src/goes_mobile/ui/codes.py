"""Codes in words: the label in the language of the look, with what the county adds; an unknown code as it is."""

from __future__ import annotations

from collections.abc import Iterable

from goes_mobile.records import codes
from goes_mobile.state.county import county
from goes_mobile.ui.components import Option
from goes_mobile.ui.frame import app
from goes_mobile.ui.look import look
from goes_mobile.ui.text import label


def say(name: str, code: str | None) -> str:
    """The label of one code; empty for none."""
    if not code:
        return ""
    return codes.say(name, code, "en" if look().language == "en" else "de", county(app()))


def said(name: str, chosen: Iterable[str]) -> str:
    """Several codes, one after the other."""
    return ", ".join(say(name, code) for code in chosen)


def options(name: str) -> list[Option]:
    """What a sheet offers of a list."""
    return [Option(code, label(text.de, text.en)) for code, text in codes.choices(name, county(app())).items()]


def capital(text: str) -> str:
    """A label at the beginning of a line: only its first letter changes."""
    return text[:1].upper() + text[1:]
