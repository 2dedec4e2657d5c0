"""Angebote ohne Antwort: files offered to another site that nobody there has accepted or declined in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from goes_mobile.services import sharing
from goes_mobile.services.desk import Desk
from goes_mobile.services.sharing import ReferralView

Step = Literal["answer", "ask"]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An offer without an answer for so many ``days``. ``step``: what helps, to answer it or to ask the other site."""

    offer: ReferralView
    days: int
    step: Step


def unanswered(desk: Desk) -> list[Unanswered]:
    """The offers whose grace time is over, the longest first: for whoever made them, and both sites' supervisors."""
    until = desk.today - timedelta(days=desk.preset.offer_days)
    late = [offer for offer in sharing.offered(desk) if offer.since <= until and _concerns(desk, offer)]
    found = [
        Unanswered(offer, (desk.today - offer.since).days, "answer" if offer.to_answer else "ask") for offer in late
    ]
    return sorted(found, key=lambda line: (-line.days, line.offer.id))


def _concerns(desk: Desk, offer: ReferralView) -> bool:
    made = offer.offered_by is not None and offer.offered_by.id == desk.me.member
    return made or (desk.me.supervises and (offer.mine or offer.to_answer))
