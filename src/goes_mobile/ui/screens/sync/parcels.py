"""Passing on without any network: two buttons, and a sentence about what became of it."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.parcels import Parcels
from goes_mobile.store.model import Unpacked
from goes_mobile.ui.components import Banner, Card, Meta, Outlined, Section
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view


@component
def ParcelsCard(waits: bool) -> ft.Control:
    """``waits``: there is something to pass on."""
    view = use_view(Parcels)
    if view.app.files is None:
        return ft.Container()
    lines: list[ft.Control] = [
        Meta(t("parcel.about")),
        Outlined(
            t("parcel.give"),
            view.give if waits and not view.busy else None,
            icon=ft.Icons.OUTBOX_OUTLINED,
            why_not=None if waits else t("parcel.nothing"),
        ),
    ]
    if not waits:
        lines.append(Meta(t("parcel.nothing")))
    lines.append(Outlined(t("parcel.take"), None if view.busy else view.take, icon=ft.Icons.MOVE_TO_INBOX_OUTLINED))
    if view.went_to:
        lines.append(Banner(t("parcel.given"), t("parcel.given_detail"), tone="ok", live=True))
    if view.taken is not None:
        lines.append(_taken(view.taken))
    return Section(t("parcel.title"), Card(*lines, spacing=M))


def _taken(told: Unpacked) -> ft.Control:
    parts = [
        t(f"parcel.{what}", n=n)
        for what, n in (("new", told.new), ("carried", told.carried), ("held", told.held), ("refused", told.refused))
        if n
    ]
    if not parts:
        return Banner(t("parcel.known"), t("parcel.known_detail"), tone="info", live=True)
    return Banner(t("parcel.taken"), joined(*parts), tone="look" if told.refused or told.held else "ok", live=True)
