"""Arguments from closed lists: a wrong one is wrong usage (exit 2), and the right ones are named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import typer

from goes_mobile.records import presets, registry


def check_kind(kind: str) -> str:
    known = [k.name for k in registry.kinds()]
    if kind not in known:
        raise typer.BadParameter(f"there is no kind {kind!r}; there are: {', '.join(known)}", param_hint="KIND")
    return kind


def check_preset(name: str) -> str:
    if name not in presets.names():
        raise typer.BadParameter(
            f"there is no preset {name!r}; there are: {', '.join(presets.names())}", param_hint="--preset"
        )
    return name


def check_sites(preset: str, sites: Sequence[str]) -> None:
    known = [site.short for site in presets.preset(preset).sites]
    for site in sites:
        if site not in known:
            raise typer.BadParameter(f"there is no site {site!r}; there are: {', '.join(known)}", param_hint="--site")


def as_day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date like 2026-03-01", param_hint=option) from None
