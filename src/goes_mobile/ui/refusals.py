"""Why something typed was not taken, in a sentence beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goes_mobile.ui.text import has, t


def refusal(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence of a refusal's code; empty for no code."""
    if not code:
        return ""
    if not has(f"refused.{code}"):
        return t("refused.other", code=code)
    return t(f"refused.{code}", **(facts or {}))


def refusals(errors: Mapping[str, str], facts: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The same for all fields of a form."""
    return {name: refusal(code, facts) for name, code in errors.items()}
