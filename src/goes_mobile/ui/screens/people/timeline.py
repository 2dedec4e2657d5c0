"""What happened with somebody, newest first."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft

from goes_mobile.records.registry import kind as kind_named
from goes_mobile.services.person_file import PersonView, TimelineItem
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import MOODS, Card, Moment, Outlined, Pill, Timeline, kind_icon
from goes_mobile.ui.frame import Handler, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.parts.words import beginning
from goes_mobile.ui.text import label, short_day, t
from goes_mobile.ui.theme import M

CONSENT_TONES: dict[str, Tone] = {"valid": "ok", "expired": "look", "revoked": "look", "not_yet": "plain"}

TONES: dict[str, Tone] = {"absence_episode": "lost", "referral": "look", "situation": "info", "goal": "primary",
                          "case": "ok", "outcome": "ok", "appointment": "tonal"}  # fmt: skip

FOLDED = 4
"""What is below must not be pushed out of sight."""


@component
def PersonTimeline(found: PersonView, more: Handler, *, folded: bool) -> ft.Control:
    """Newest first; `folded`: the first few, the rest after a tap. A long story comes in parts: `more`."""
    opened, set_opened = ft.use_state(not folded)
    items = found.timeline if opened else found.timeline[:FOLDED]
    below: list[ft.Control] = []
    if len(items) < found.happened:
        words = t("list.more", n=found.happened - len(items)) if opened else t("people.all_of", n=found.happened)
        way = Outlined(words, more if opened else lambda: set_opened(True), icon=ft.Icons.EXPAND_MORE)
        below.append(ft.Row([way], alignment=ft.MainAxisAlignment.CENTER, wrap=True))
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
    if item.kind not in ("encounter", "participation"):
        known = kind_named(item.kind)
        return Moment(
            t("file.moment", kind=label(known.de, known.en), what=item.title),
            when,
            item.text,
            kind_icon(item.kind),
            TONES.get(item.kind, "plain"),
            on_press=lambda: go(f"/people/{person}/entry/{item.kind}/{item.id}"),
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
