"""What happened with somebody, newest first."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft

from goes_mobile.services.person_file import PersonView, TimelineItem
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import MOODS, Card, Moment, Outlined, Pill, Timeline, kind_icon
from goes_mobile.ui.frame import go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import beginning
from goes_mobile.ui.text import short_day, t
from goes_mobile.ui.theme import M

CONSENT_TONES: dict[str, Tone] = {"valid": "ok", "expired": "look", "revoked": "look", "not_yet": "plain"}


FOLDED = 4
"""What is below must not be pushed out of sight."""


@component
def PersonTimeline(found: PersonView, *, folded: bool) -> ft.Control:
    """Newest first; `folded`: the first few, the rest after a tap."""
    opened, set_opened = ft.use_state(False)
    items = found.timeline if opened or not folded else found.timeline[:FOLDED]
    below: list[ft.Control] = []
    if len(items) < len(found.timeline):
        more = Outlined(t("people.all_of", n=len(found.timeline)), lambda: set_opened(True), icon=ft.Icons.EXPAND_MORE)
        below.append(ft.Row([more], alignment=ft.MainAxisAlignment.CENTER))
    return Card(Timeline([_moment(found.id, item) for item in items]), *below, spacing=M)


def _moment(person: str, item: TimelineItem) -> Moment:
    when = short_day(item.day, datetime.now(UTC))
    if item.kind == "consent":
        title = t("people.consent_for", purpose=say("purpose", item.title))
        pill = Pill(t(f"consent.state_{item.state}"), None, CONSENT_TONES.get(item.state, "plain"))
        return Moment(title, when, icon=kind_icon("consent"), tone=CONSENT_TONES.get(item.state, "plain"), pills=[pill])
    if item.kind == "task":
        return Moment(
            item.title, when, item.text, kind_icon("task"), "ok", [Pill(t("tasks.done"), ft.Icons.CHECK, "ok")]
        )
    pills: list[ft.Control] = []
    if item.kind == "participation":
        pills.append(Pill(t("people.in_group"), ft.Icons.GROUPS_OUTLINED))
    pills += [Pill(say("topic", topic)) for topic in item.topics]
    if item.mood:
        pills.append(Pill(t("people.mood", n=item.mood), MOODS[item.mood - 1] if item.mood <= 5 else None))
    return Moment(
        capital(item.title) or t("people.met"),
        when,
        beginning(item.text),
        kind_icon("encounter"),
        "primary",
        pills,
        on_press=lambda: go(f"/people/{person}/met/{item.id}"),
    )
