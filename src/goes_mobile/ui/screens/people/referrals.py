"""Where somebody was sent on to, and whether they arrived."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from goes_mobile.services.casework import SentOn
from goes_mobile.state.casework import CaseworkActions
from goes_mobile.ui.codes import say
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import Disc, Group, Pill, Row, Section, Tonal, kind_icon
from goes_mobile.ui.frame import app, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.screens.people.way import told
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import L, M

_ARRIVED: dict[str, tuple[ft.IconData, Tone]] = {
    "yes": (ft.Icons.CHECK, "ok"),
    "no": (ft.Icons.CLOSE, "look"),
    "unknown": (ft.Icons.HELP_OUTLINE, "look"),
}


@component
def ReferralPart(person: str, referrals: Sequence[SentOn], closed: bool) -> ft.Control:
    actions = CaseworkActions(app())

    async def arrived(one: SentOn) -> None:
        await actions.arrived(one.id, True)
        told(t("referral.noted"), lambda: actions.arrived(one.id, False))

    def row(one: SentOn) -> ft.Control:
        icon, tone = _ARRIVED.get(one.arrived or "unknown", (ft.Icons.HELP_OUTLINE, "look"))
        day = numeric_day(one.arrived_on) if one.arrived_on else ""
        words = joined(say("arrival", one.arrived) or t("referral.open"), day).replace(" · ", " ")
        below: list[ft.Control] = [Pill(words, icon, tone)]
        if one.arrived != "yes" and not closed:
            below.append(Tonal(t("referral.arrived"), lambda: arrived(one), icon=ft.Icons.CHECK))
        return ft.Column(
            [
                Row(
                    who(one.partner) or t("referral.somewhere"),
                    t("referral.sent", day=numeric_day(one.sent_on)),
                    leading=Disc(kind_icon("referral"), tone),
                    on_press=lambda: go(f"/people/{person}/entry/referral/{one.id}"),
                ),
                ft.Row(below, wrap=True, spacing=M, margin=ft.Margin.only(left=72, right=L, bottom=M)),
            ],
            spacing=0,
            tight=True,
            key=one.id,
        )

    return Section(
        t("referral.title"),
        Group([row(one) for one in referrals]),
        count=len(referrals),
        action="" if closed else t("entry.add"),
        on_action=lambda: go(f"/new/entry/referral/{person}"),
    )
