"""Passing on without any network: two buttons, and a sentence about what became of it."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.parcels import Parcels
from goes_mobile.ui.components import Banner, Card, Meta, Outlined, Section, Side
from goes_mobile.ui.frame import frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.text import t
from goes_mobile.ui.theme import L
from goes_mobile.ui.views import use_view


@component
def ParcelsCard(waits: bool) -> ft.Control:
    """``waits``: there is something to pass on."""
    view = use_view(Parcels)
    if view.app.files is None:
        return ft.Container()

    async def take() -> None:
        frame().notices.clear()  # what was wrong with the file before
        await view.take()

    async def save() -> None:
        await view.give()

    async def share() -> None:
        await view.give(by_sharing=True)

    able, why_not = waits and not view.busy, None if waits else t("parcel.nothing")
    give = Outlined(t("parcel.give"), save if able else None, icon=ft.Icons.OUTBOX_OUTLINED, why_not=why_not)
    hand_on = Outlined(t("parcel.share"), share if able else None, icon=ft.Icons.SHARE_OUTLINED, why_not=why_not)
    take_in = Outlined(t("parcel.take"), None if view.busy else take, icon=ft.Icons.MOVE_TO_INBOX_OUTLINED)
    lines: list[ft.Control] = [_said(view), *([hand_on] if view.shares else []), Side(give, take_in)]
    if not waits:
        lines.append(Meta(t("parcel.nothing")))
    return Section(t("parcel.title"), Card(*lines, spacing=L))


def _said(view: Parcels) -> ft.Control:
    """What it is for; afterwards, what became of it."""
    if view.went_to:
        return Banner(t("parcel.given"), t("parcel.given_detail"), tone="ok", live=True)
    return Meta(t("parcel.about")) if view.taken is None else _taken(view)


def _taken(view: Parcels) -> ft.Control:
    told = view.came
    if not told:
        return Banner(t("parcel.known"), t("parcel.known_detail"), tone="info", live=True)
    parts = joined(*(t(f"parcel.{what}", n=n) for what, n in told.items()))
    return Banner(
        t("parcel.taken"),
        f"{parts}. {t('parcel.counts')}",
        tone="look" if told.keys() & {"held", "refused"} else "ok",
        live=True,
    )
