"""Which icon stands for what. Outlined, filled when selected."""

from __future__ import annotations

import flet as ft

from goes_mobile.records import registry

I = ft.Icons  # noqa: E741


def kind_icon(kind: str) -> ft.IconData:
    """The icon of a record kind, as its class says; a kind this version does not know gets a neutral one."""
    return getattr(I, f"{registry.kind(kind).icon}_OUTLINED") if registry.known(kind) else I.ARTICLE_OUTLINED


MOODS: tuple[ft.IconData, ...] = (
    I.MOOD_BAD_OUTLINED,
    I.SENTIMENT_DISSATISFIED_OUTLINED,
    I.SENTIMENT_NEUTRAL_OUTLINED,
    I.SENTIMENT_SATISFIED_OUTLINED,
    I.MOOD_OUTLINED,
)
