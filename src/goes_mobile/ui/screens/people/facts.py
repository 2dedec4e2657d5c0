"""What is known about somebody, what stays closed and why, and what they have allowed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from goes_mobile.records.registry import kind
from goes_mobile.services.consents import ConsentView
from goes_mobile.services.person_file import PersonView
from goes_mobile.state.people import PersonFile
from goes_mobile.ui.codes import said, say
from goes_mobile.ui.components import (
    Card,
    Fact,
    Facts,
    Group,
    Meta,
    Note,
    Outlined,
    Pill,
    Section,
    Strong,
    TextAction,
    use_question,
)
from goes_mobile.ui.forms import field_label
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.delivery import DeliveryPill
from goes_mobile.ui.parts.words import joined, until, who
from goes_mobile.ui.screens.people.timeline import CONSENT_TONES
from goes_mobile.ui.text import numeric_day, short_day, t
from goes_mobile.ui.theme import L, M, S

_ICONS = {
    "name": ft.Icons.BADGE_OUTLINED, "birth_date": ft.Icons.CAKE_OUTLINED, "birth_year": ft.Icons.CAKE_OUTLINED,
    "gender": ft.Icons.PERSON_OUTLINED, "municipality": ft.Icons.PLACE_OUTLINED,
    "languages": ft.Icons.TRANSLATE_OUTLINED,
    "phone": ft.Icons.PHONE_OUTLINED, "messenger": ft.Icons.CHAT_OUTLINED, "mail": ft.Icons.MAIL_OUTLINED,
    "residence_status": ft.Icons.FLIGHT_LAND_OUTLINED,
}  # fmt: skip


def names_of(fields: list[str]) -> str:
    """Vorname, Nachname, Telefon …"""
    known = kind("young_person").fields
    return ", ".join(field_label(known[name]) for name in fields if name in known)


@component
def PersonFacts(found: PersonView, may_write: bool) -> ft.Control:
    label = {name: field_label(info) for name, info in kind("young_person").fields.items()}
    name = f"{found.given_name} {found.family_name}".strip()
    birth = numeric_day(found.birth_date) if found.birth_date else ""
    values = {
        "name": (t("people.name"), name),
        "birth_date": (label["birth_date"], birth),
        "birth_year": (label["birth_year"], "" if birth else str(found.birth_year or "")),
        "gender": (label["gender"], say("gender", found.gender)),
        "municipality": (label["municipality"], found.municipality),
        "languages": (label["languages"], said("language", found.languages)),
        "phone": (label["phone"], found.phone),
        "messenger": (label["messenger"], found.messenger),
        "mail": (label["mail"], found.mail),
        "residence_status": (label["residence_status"], found.residence_status),
    }
    facts = [Fact(words, value, _ICONS[key]) for key, (words, value) in values.items() if value]
    content: list[ft.Control] = [Facts(facts)] if facts else [Meta(t("people.only_alias"))]
    if found.closed:
        content.append(Note(t("people.closed", what=names_of(found.closed)), icon=ft.Icons.VISIBILITY_OFF_OUTLINED))
    opened = t("people.opened", who=who(found.opened_by), day=short_day(found.opened_at)) if found.opened_at else ""
    content.append(
        ft.Row(
            [Meta(opened), DeliveryPill(found.delivery)],
            wrap=True,
            spacing=M,
            run_spacing=S,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    )
    return Section(
        t("people.facts"),
        Card(*content, spacing=L),
        action=t("do.change") if may_write else "",
        on_action=lambda: go(f"/edit/person/{found.id}"),
    )


@component
def Consents(found: PersonView, may_write: bool, view: PersonFile) -> ft.Control:
    """What they allow. Taking it back counts at once, so it is asked about once."""
    asked, set_asked = ft.use_state(None)

    async def taken_back() -> None:
        await view.withdraw(asked.id)
        frame().notices.show(Notice(t("people.withdrawn"), tone="ok", detail=t("people.withdrawn_detail")))

    async def give_out(consent: str) -> None:
        if await view.give_out(consent) is not None:
            frame().notices.show(Notice(t("consent.given_out"), tone="ok"))

    use_question(
        asked is not None,
        t("people.withdraw_title"),
        t("people.withdraw_detail", what=said("data_category", asked.categories) if asked else ""),
        t("people.withdraw"),
        taken_back,
        t("people.withdraw_not"),
        lambda: set_asked(None),
        danger=True,
    )
    new = lambda: go(f"/new/consent/{found.id}")  # noqa: E731
    if not found.consents:
        add = Outlined(t("people.new_consent"), new, icon=ft.Icons.VERIFIED_USER_OUTLINED)
        content: ft.Control = Card(
            Meta(t("people.consent_missing")), *([ft.Row([add], wrap=True)] if may_write else [])
        )
        return Section(t("people.consents"), content)
    return Section(
        t("people.consents"),
        *([_late(found, view.clear_late)] if found.late and may_write else []),
        Group(
            [
                _consent(c, (lambda c=c: set_asked(c)) if may_write else None, lambda c=c: give_out(c.id))
                for c in found.consents
            ]
        ),
        action=t("people.add_consent") if may_write else "",
        on_action=new,
    )


def _late(found: PersonView, clear: Callable[[], Awaitable[None]]) -> ft.Control:
    """Somebody wrote it on a device that had not heard of the withdrawal."""
    fields = ", ".join(field_label("young_person", name) for name in found.late)
    return Card(
        Strong(t("consent.late")),
        Meta(t("consent.late_detail", what=fields)),
        ft.Row([Outlined(t("consent.clear_late"), clear)], wrap=True),
        tone="look",
        spacing=S,
    )


def _consent(
    consent: ConsentView, withdraw: Callable[[], None] | None, give_out: Callable[[], Awaitable[None]]
) -> ft.Control:
    given = t("people.given", day=numeric_day(consent.given_on))
    ended = (
        t("people.revoked_on", day=numeric_day(consent.revoked_on))
        if consent.revoked_on
        else until(consent.valid_until)
    )
    words = ft.Column(
        [
            Strong(say("purpose", consent.purpose)),
            Meta(said("data_category", consent.categories)),
            *([Meta(t("consent.for_whom", who=_named(consent)))] if consent.recipients else []),
            Meta(joined(given, ended, who(consent.by))),
            ft.Row(
                [
                    Pill(
                        t(f"consent.state_{consent.state}"),
                        ft.Icons.VERIFIED_USER_OUTLINED,
                        CONSENT_TONES[consent.state],
                    )
                ],
                margin=ft.Margin.only(top=4),
            ),
        ],
        spacing=2,
        tight=True,
    )
    ways: list[ft.Control] = [TextAction(t("consent.as_pdf"), give_out, icon=ft.Icons.DOWNLOAD_OUTLINED)]
    if withdraw and consent.state in ("valid", "not_yet"):
        ways.insert(0, TextAction(t("people.withdraw"), withdraw))
    content = ft.Column([words, ft.Row(ways, wrap=True, spacing=S)], spacing=S, tight=True)
    return ft.Container(content, padding=ft.Padding.only(left=L, right=S, top=M, bottom=M), key=consent.id)


def _named(consent: ConsentView) -> str:
    return "; ".join(", ".join(filter(None, (one.get("name"), one.get("office")))) for one in consent.recipients)
