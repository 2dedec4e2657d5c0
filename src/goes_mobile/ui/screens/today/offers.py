"""Files that another site offers, and what became of those that are shared."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.sharing import ReferralView
from goes_mobile.ui.components import Chevron, Disc, Group, Row, Section
from goes_mobile.ui.frame import go
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.text import short_day, t


def Offers(views: list[ReferralView]) -> ft.Control:
    asked = any(view.to_answer for view in views)
    return Section(
        t("today.offers"), Group([_row(view) for view in views]), count=len(views), tone="look" if asked else "info"
    )


def _row(view: ReferralView) -> ft.Control:
    return Row(
        _title(view),
        joined(who(view.by), short_day(view.since), view.because or view.reason),
        leading=Disc(ft.Icons.CALL_SPLIT, "look" if view.to_answer else "info"),
        trailing=Chevron(),
        on_press=lambda: go(f"/people/{view.person}"),
        key=view.id,
    )


def _title(view: ReferralView) -> str:
    site = who(view.to if view.mine else view.giver)
    if view.state == "offered":
        return t("today.offer", site=site, alias=view.alias)
    if view.state == "shared":
        return t("today.offer_shared", site=site, alias=view.alias)
    if view.state == "handed_over":
        return t("today.offer_handed_over", site=who(view.to), alias=view.alias)
    if view.state == "declined":
        return t("today.offer_declined", site=who(view.to), alias=view.alias)
    return t("today.offer_ended", site=site, alias=view.alias)
