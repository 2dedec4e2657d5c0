"""To whom a file is offered, how, and who reads it from then on."""

from __future__ import annotations

import flet as ft

from goes_mobile.state.sharing import Offer
from goes_mobile.ui.codes import capital, options
from goes_mobile.ui.components import (
    Banner,
    Chip,
    Chips,
    Choice,
    Field,
    Group,
    Loading,
    Note,
    Nothing,
    SaveBar,
    Section,
    Segment,
    Switch,
)
from goes_mobile.ui.frame import Notice, frame
from goes_mobile.ui.guarded import component
from goes_mobile.ui.refusals import refusal
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import t
from goes_mobile.ui.views import use_view


@component
def OfferScreen(person: str) -> ft.Control:
    view = use_view(lambda app: Offer(app, person), "young_person", "consent", "referral")
    close = frame().leave
    if view.sites is None:
        return Screen(t("sharing.title"), [Loading()], on_close=close)
    if not view.sites:
        return Screen(t("sharing.title"), [Nothing(t("sharing.nobody"), t("sharing.nobody_detail"))], on_close=close)

    async def send() -> None:
        if await view.send():
            close()
            frame().notices.show(Notice(t("sharing.sent"), tone="ok"))

    body = [
        *_trouble(view),
        Section(
            t("sharing.to"),
            Chips(*(
                Chip(site.name, view.to == site.id, lambda _, site=site: view.choose(site.id), key=site.id)
                for site in view.sites
            )),
        ),
        Section(
            t("sharing.how"),
            ft.Column([
                Segment([Choice(o.value, capital(o.text)) for o in options("referral_mode")], view.mode, view.how),
                Note(t("sharing.handed_over_detail" if view.mode == "handed_over" else "sharing.shared_detail")),
            ], spacing=8, tight=True),
        ),
        *_reads(view),
        *_agreement(view),
        Field(t("sharing.reason"), on_change=view.write, lines=3, note=t("sharing.reason_note")),
    ]  # fmt: skip
    return Screen(
        t("sharing.title"),
        body,
        subtitle=view.alias,
        on_close=close,
        bar=SaveBar(t("sharing.send"), send, icon=ft.Icons.CALL_SPLIT),
    )


def _trouble(view: Offer) -> list[ft.Control]:
    return [Banner(refusal(view.error, view.facts), tone="lost", live=True)] if view.error else []


def _reads(view: Offer) -> list[ft.Control]:
    """What cannot be taken back is said before it happens."""
    if not view.to:
        return []
    names = ", ".join(member.name for member in view.reads)
    return [
        Banner(
            t("sharing.will_read", who=names) if names else t("sharing.will_read_site"),
            t("sharing.whole_file"),
            tone="look",
            icon=ft.Icons.VISIBILITY_OUTLINED,
        )
    ]


def _agreement(view: Offer) -> list[ft.Control]:
    if view.agreed_before:
        return [Note(t("sharing.consent_there"), icon=ft.Icons.VERIFIED_USER_OUTLINED, tone="ok")]
    switch = Switch(t("sharing.agreed"), view.agreed, view.agree, hint=t("sharing.agreed_hint", alias=view.alias))
    parts: list[ft.Control] = [Group([switch], inset=16)]
    if view.guardian_needed:
        parts.append(Field(t("sharing.guardian"), on_change=view.name_guardian, correct=False))
    return parts
