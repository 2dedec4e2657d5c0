"""Files that another site offers, what became of those that are shared, and offers that nobody answers."""

from __future__ import annotations

import flet as ft

from goes_mobile.services.offers import Unanswered
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


def UnansweredOffers(lines: list[Unanswered]) -> ft.Control:
    return Section(t("today.unanswered"), Group([_unanswered(line) for line in lines]), count=len(lines), tone="lost")


def _unanswered(line: Unanswered) -> ft.Control:
    offer = line.offer
    site = who(offer.giver if line.step == "answer" else offer.to)
    waited = t("today.unanswered_days", n=line.days)
    todo = t("today.unanswered_answer" if line.step == "answer" else "today.unanswered_ask", site=site)
    return Row(
        t("today.offer" if line.step == "answer" else "today.offer_made", site=site, alias=offer.alias),
        joined(waited, todo),
        leading=Disc(ft.Icons.CALL_SPLIT, "lost"),
        trailing=Chevron(),
        on_press=lambda: go(f"/people/{offer.person}"),
        key=offer.id,
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
