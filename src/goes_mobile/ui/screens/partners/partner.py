"""One partner: call, write, go there; what they offer, and what is missing."""

from __future__ import annotations

from urllib.parse import quote

import flet as ft

from goes_mobile.records.registry import kind
from goes_mobile.services.partners import PartnerView, Person
from goes_mobile.state.partners import PartnerFile
from goes_mobile.ui.codes import say
from goes_mobile.ui.components import (
    Banner,
    Card,
    Disc,
    Fact,
    Facts,
    Group,
    Loading,
    Menu,
    NotHere,
    Outlined,
    Pill,
    Pills,
    Row,
    Section,
    Tonal,
    kind_icon,
)
from goes_mobile.ui.forms import field_label
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.words import joined
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import numeric_day, t
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view


@component
def PartnerScreen(partner: str) -> ft.Control:
    view = use_view(lambda app: PartnerFile(app, partner), "partner")
    if view.missing:
        return Screen(t("partners.title"), [NotHere()], back="/more/partners")
    found = view.view
    if found is None:
        return Screen(t("partners.title"), [Loading()], back="/more/partners")

    async def delete() -> None:
        await view.delete()
        frame().notices.show(Notice(t("partners.deleted"), tone="ok", action=t("do.undo"), on_action=view.restore))

    menu = Menu(
        t("partners.more"),
        [
            *(
                []
                if found.deleted
                else [(t("do.change"), ft.Icons.EDIT_OUTLINED, lambda: go(f"/edit/entry/partner/{partner}"))]
            ),
            (t("past.title"), ft.Icons.HISTORY_OUTLINED, lambda: go(f"/more/partners/{partner}/history")),
            *([] if found.deleted else [(t("entry.delete"), ft.Icons.DELETE_OUTLINED, delete)]),
        ],
    )
    body: list[ft.Control] = [*_deleted(found, view), _ways(found), Pills(*_pills(found)), _facts(found)]
    if found.people:
        rows = [_person(person) for person in found.people]
        body.append(Section(field_label(kind("partner").fields["people"]), Group(rows), count=len(rows)))
    body.append(ft.Row([Outlined(t("partners.checked"), view.checked, icon=ft.Icons.CHECK)], wrap=True))
    return Screen(
        found.line.name,
        body,
        subtitle=joined(say("partner_kind", found.line.kind), found.line.municipality),
        back="/more/partners",
        actions=[menu],
        chip=not look().compact,
    )


def _deleted(found: PartnerView, view: PartnerFile) -> list[ft.Control]:
    if not found.deleted:
        return []
    return [
        Banner(t("entry.is_deleted"), tone="look", icon=ft.Icons.DELETE_OUTLINED, action=t("entry.restore"),
               on_action=view.restore)
    ]  # fmt: skip


def _ways(found: PartnerView) -> ft.Control:
    """Handed to the device: it calls, writes and finds the way."""
    ways: list[ft.Control] = []
    if found.phone:
        ways.append(Tonal(t("partners.call"), icon=ft.Icons.PHONE_OUTLINED, url=_call(found.phone)))
    if found.mail:
        ways.append(Outlined(t("partners.write"), icon=ft.Icons.MAIL_OUTLINED, url=f"mailto:{quote(found.mail, '@')}"))
    if found.address:
        there = f"https://www.openstreetmap.org/search?query={quote(found.address)}"
        ways.append(Outlined(t("partners.way"), icon=ft.Icons.PLACE_OUTLINED, url=there))
    if found.web:
        address = found.web if "://" in found.web else f"https://{found.web}"
        ways.append(Outlined(t("partners.web"), icon=ft.Icons.PUBLIC_OUTLINED, url=address))
    return ft.Row(ways, wrap=True, spacing=M, run_spacing=M, visible=bool(ways))


def _call(phone: str) -> str:
    return "tel:" + "".join(c for c in phone if c.isdigit() or c == "+")


def _pills(found: PartnerView) -> list[ft.Control]:
    line = found.line
    if line.checked_on is None:
        return [Pill(t("partners.never_checked"), ft.Icons.SCHEDULE_OUTLINED, "look")]
    words = t("partners.checked_on", day=numeric_day(line.checked_on))
    return [Pill(words, ft.Icons.SCHEDULE_OUTLINED if line.stale else ft.Icons.CHECK, "look" if line.stale else "ok")]


def _facts(found: PartnerView) -> ft.Control:
    fields = kind("partner").fields
    facts = [Fact(field_label(fields[name]), words) for name, words in found.facts.items() if name != "checked_on"]
    ways = {"phone": found.phone, "mail": found.mail, "web": found.web, "address": found.address}
    facts += [Fact(field_label(fields[name]), words) for name, words in ways.items() if words]
    return Card(Facts(facts), spacing=M)


def _person(person: Person) -> ft.Control:
    ways: list[ft.Control] = []
    if person.phone:
        ways.append(Outlined(person.phone, icon=ft.Icons.PHONE_OUTLINED, url=_call(person.phone)))
    if person.mail:
        ways.append(Outlined(person.mail, icon=ft.Icons.MAIL_OUTLINED, url=f"mailto:{quote(person.mail, '@')}"))
    return Row(person.name, person.role, leading=Disc(kind_icon("member")), below=ways)
