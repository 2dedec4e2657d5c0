"""One entry: what is noted, in the order of its form, where it stands, who changed it."""

from __future__ import annotations

import flet as ft

from goes_mobile.records.registry import kind as kind_named
from goes_mobile.services.entries import EntryView
from goes_mobile.state.entries import EntryPage
from goes_mobile.ui.components import (
    Banner,
    Body,
    Card,
    Fact,
    Facts,
    IconAction,
    Loading,
    Menu,
    Meta,
    NotHere,
    Nothing,
    Pills,
    Section,
    StatePill,
)
from goes_mobile.ui.forms import field_label
from goes_mobile.ui.frame import Notice, frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.delivery import DeliveryPill
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import label, numeric_day, t, when
from goes_mobile.ui.theme import M
from goes_mobile.ui.views import use_view


@component
def EntryScreen(kind: str, record: str, person: str = "") -> ft.Control:
    view = use_view(lambda app: EntryPage(app, kind, record), kind, "delivery")
    known = kind_named(kind)
    title, back = label(known.de, known.en), f"/people/{person}" if person else None
    if view.missing:
        return Screen(title, [NotHere()], back=back)
    found = view.view
    if found is None:
        return Screen(title, [Loading()], back=back)

    async def delete() -> None:
        await view.delete()
        frame().notices.show(
            Notice(t("entry.deleted", what=title), tone="ok", action=t("do.undo"), on_action=view.restore)
        )

    def change() -> None:
        go(f"/edit/entry/{kind}/{record}")

    below = f"/people/{person}/entry/{kind}/{record}" if person else f"/entry/{kind}/{record}"
    items: list[tuple[str, ft.IconData | None, object]] = [
        (t("past.title"), ft.Icons.HISTORY_OUTLINED, lambda: go(f"{below}/history")),
        *([] if found.deleted else [(t("entry.delete"), ft.Icons.DELETE_OUTLINED, delete)]),
        (t("deletion.ask_record"), ft.Icons.DELETE_FOREVER_OUTLINED, lambda: go(f"/delete/{kind}/{record}")),
    ]
    edit = [] if found.deleted else [IconAction(ft.Icons.EDIT_OUTLINED, t("do.change"), change)]
    told = found.title in found.texts.values()  # a long text is read below, not in the title
    return Screen(
        title if told else found.title,
        [
            *_banners(found, view),
            Pills(DeliveryPill(found.delivery), *([StatePill("two_versions")] if found.conflicts else [])),
            *_contents(found),
            Meta(
                t("entry.changed", when=when(found.changed_at), who=who(found.changed_by)) if found.changed_at else ""
            ),
        ],
        subtitle=joined("" if told else title, numeric_day(found.day), who(found.person)),
        back=back,
        actions=[*edit, Menu(t("entry.more"), items)],
        chip=not look().compact,
    )


def _banners(found: EntryView, view: EntryPage) -> list[ft.Control]:
    banners: list[ft.Control] = []
    if found.deleted:
        banners.append(
            Banner(t("entry.is_deleted"), tone="look", icon=ft.Icons.DELETE_OUTLINED, action=t("entry.restore"),
                   on_action=view.restore)
        )  # fmt: skip
    if found.conflicts:
        decide = t("versions.decide")
        banners.append(
            Banner(t("versions.two", n=len(found.conflicts)), t("versions.two_detail"), tone="look",
                   icon=ft.Icons.DIFFERENCE_OUTLINED, action=decide,
                   on_action=lambda: go(f"/versions/{found.kind}/{found.id}"))
        )  # fmt: skip
    return banners


def _contents(found: EntryView) -> list[ft.Control]:
    names = {info.name: field_label(info) for info in kind_named(found.kind).form}
    facts = [Fact(names[name], words) for name, words in found.facts.items()]
    texts = [Section(names[name], Card(Body(words))) for name, words in found.texts.items()]
    if not facts and not texts:
        return [Nothing(t("entry.empty"))]
    return [*([Card(Facts(facts), spacing=M)] if facts else []), *texts]
