"""Code lists: the contract's in ``assets/codes.json``, and what a county adds or retires in its preset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from goes_mobile.records import assets

if TYPE_CHECKING:
    from goes_mobile.records.presets import Preset

Language = Literal["de", "en"]


class Label(NamedTuple):
    """What people read for a code."""

    de: str
    en: str
    retired: bool = False
    """Stays readable, is no longer offered."""

    def say(self, language: Language) -> str:
        return self.de if language == "de" else self.en


Codes = Mapping[str, Label]
_NONE: Codes = MappingProxyType({})


def codes(name: str, preset: Preset | None = None) -> Codes:
    """All codes of a list with their labels, retired ones too; empty for a list nobody knows."""
    listed = _shipped().get(name, _NONE)
    if preset is None or (name not in preset.codes and name not in preset.retired):
        return listed
    merged = {**listed, **preset.codes.get(name, {})}
    retired = frozenset(preset.retired.get(name, ()))
    return {code: label._replace(retired=label.retired or code in retired) for code, label in merged.items()}


def choices(name: str, preset: Preset | None = None) -> Codes:
    """The codes a form offers: not the retired ones, and of the work forms those of the county."""
    offered = {code: label for code, label in codes(name, preset).items() if not label.retired}
    if name == "work_form" and preset is not None:
        return {code: label for code, label in offered.items() if code in preset.work_forms}
    return offered


def say(name: str, code: str, language: Language, preset: Preset | None = None) -> str:
    """The label of a code; one that this version does not know is shown as it is."""
    label = codes(name, preset).get(code)
    return label.say(language) if label else code


def lists() -> list[str]:
    """The names of the lists that come with the program."""
    return list(_shipped())


@cache
def _shipped() -> Mapping[str, Codes]:
    # The contract's lists, and those that only this program needs.
    raw = json.loads(assets.read("codes.json")) | json.loads(assets.read("lists.json"))
    return {
        name: MappingProxyType({code: Label(label["de"], label["en"]) for code, label in entries.items()})
        for name, entries in raw.items()
    }
