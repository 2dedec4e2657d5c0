"""How good a new PIN or passphrase is, in steps that people understand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.vault.lock import MIN_PASSPHRASE, MIN_PIN, check_strength

Grade = Literal["none", "too_short", "enough", "good", "very_good"]


@dataclass(frozen=True, slots=True)
class Strength:
    """``grade`` for the bar, ``missing`` characters until it is accepted, ``code`` of the refusal, if any."""

    grade: Grade
    missing: int = 0
    code: str = ""

    @property
    def accepted(self) -> bool:
        return not self.code and self.grade != "none"


def strength(text: str, device_bound: bool = False) -> Strength:
    """Length decides, repetition takes away; no rules about digits and signs, which only make people write it down."""
    if not text:
        return Strength("none", MIN_PIN if device_bound else MIN_PASSPHRASE, "required")
    try:
        kind = check_strength(text, device_bound)
    except InputRefused as refused:
        least = int(refused.facts.get("least", MIN_PASSPHRASE))
        return Strength("too_short", max(least - len(text), 0), refused.code)
    if kind == "pin":
        return Strength("good" if len(set(text)) > 3 else "enough")
    words = len(re.findall(r"[^\W\d_]{3,}", text))
    variety = min(len(text), 2 * len(set(text.casefold())))
    if variety >= 20 and (words >= 3 or len(text) >= 24):
        return Strength("very_good")
    return Strength("good" if variety >= 14 else "enough")
