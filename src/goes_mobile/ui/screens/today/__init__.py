"""*Heute*: the running outing, what was asked, what is due, what was begun; for supervisors what waits for them."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft

from goes_mobile.services.capture import DraftLine
from goes_mobile.services.conflicts import RecordLine
from goes_mobile.services.lost import LostLine
from goes_mobile.services.review import QueueLine
from goes_mobile.services.today import Today as Overview
from goes_mobile.state.today import KINDS, Today
from goes_mobile.ui.codes import capital, said
from goes_mobile.ui.components import Avatar, Chevron, Disc, Group, Loading, Nothing, Row, Section, Tonal, kind_icon
from goes_mobile.ui.frame import frame, go
from goes_mobile.ui.guarded import component
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.appointments import AppointmentRows
from goes_mobile.ui.parts.concerns import ConcernRows
from goes_mobile.ui.parts.lost import LostRows
from goes_mobile.ui.parts.tasks import TaskRows
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.screens.today.offers import Offers
from goes_mobile.ui.screens.today.outing import NextStops, OutingHero
from goes_mobile.ui.screens.today.questions import Questions
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import clock, local, long_day, t, today, when
from goes_mobile.ui.views import use_view

SHOWN = 5
FOLDED = 3
"""So many on a phone: what comes below must not be pushed out of sight."""


@component
def TodayScreen() -> ft.Control:
    view = use_view(Today, *KINDS)
    title, subtitle = t("today.title"), long_day(datetime.now(UTC))
    seen = view.seen
    if seen is None:
        return Screen(title, [Loading()], subtitle=subtitle)
    body, aside = _first(seen), _second(view, seen)
    if not aside:
        body, aside = body[:1], body[1:]
    if seen.quiet and seen.outing is None:
        body.append(_quiet())
    return Screen(title, body or aside, aside=aside if body else (), subtitle=subtitle)


def _first(seen: Overview) -> list[ft.Control]:
    """What is going on, and what somebody has to decide."""
    parts: list[ft.Control] = []
    if seen.outing is not None:
        parts.append(OutingHero(seen.outing, key=seen.outing.id))
    if seen.concerns:
        count = len(seen.concerns)
        parts.append(Section(t("concerns.open"), ConcernRows(seen.concerns), count=count, tone="lost", key="concerns"))
    if seen.lost:
        parts.append(_lost(seen.lost))
    if seen.offers:
        parts.append(Offers(seen.offers))
    if seen.review_open:
        parts.append(_reviews(seen))
    if seen.conflicts:
        rows = [_conflict(line) for line in seen.conflicts[:SHOWN]]
        parts.append(Section(t("today.conflicts"), Group(rows), count=len(seen.conflicts), tone="look"))
    if seen.outing is not None and look().window == "wide" and any(v.state == "ahead" for v in seen.outing.visits):
        parts.append(NextStops(seen.outing))
    return parts


def _lost(lines: list[LostLine]) -> ft.Control:
    """The longest first; the rest a tap away."""
    shown = lines[: FOLDED if look().compact else SHOWN]
    more = t("today.all_of", n=len(lines)) if len(lines) > len(shown) else ""
    return Section(
        t("lost.title"),
        LostRows(shown),
        count=len(lines),
        tone="lost",
        action=more,
        on_action=lambda: go("/lost"),
        key="lost",
    )


def _second(view: Today, seen: Overview) -> list[ft.Control]:
    parts: list[ft.Control] = []
    if seen.appointments:
        rows = AppointmentRows(seen.appointments)
        more = {"action": t("today.all"), "on_action": lambda: go("/more/appointments")}
        parts.append(Section(t("appointments.title"), rows, count=len(seen.appointments), **more, key="appointments"))
    if seen.due:
        shown, all_ = seen.due[: FOLDED if look().compact else SHOWN], len(seen.due)
        section = Section(
            t("today.due"),
            TaskRows(shown),
            count=all_,
            action=t("today.all_of", n=all_) if all_ > len(shown) else t("today.all"),
            on_action=lambda: go("/tasks"),
        )
        parts.append(section)
    if seen.questions:
        parts.append(Section(t("today.questions"), Questions(view), count=len(seen.questions), tone="info"))
    if seen.drafts:
        parts.append(Section(t("today.drafts"), Group([_draft(d) for d in seen.drafts]), count=len(seen.drafts)))
    return parts


def _draft(line: DraftLine) -> ft.Control:
    title = t("today.draft_of", clock=clock(line.at)) if _today(line.at) else t("today.draft_on", when=when(line.at))
    kind = t("today.correction") if line.corrects else t("today.draft")
    return Row(
        title,
        joined(kind, line.where, said("topic", line.topics)),
        leading=Disc(ft.Icons.EDIT_NOTE_OUTLINED),
        trailing=Chevron(),
        on_press=lambda: go(f"/drafts/{line.id}"),
        key=line.id,
    )


def _today(moment: datetime) -> bool:
    return local(moment).date() == today()


def _conflict(line: RecordLine) -> ft.Control:
    return Row(
        line.title,
        t("today.conflict_fields", n=line.fields),
        leading=Disc(kind_icon(line.kind), "look"),
        trailing=Chevron(),
        on_press=lambda: go(f"/versions/{line.kind}/{line.id}"),
        key=line.id,
    )


def _reviews(seen: Overview) -> ft.Control:
    """Answers first: somebody waits for them. Then how many there are in all."""
    rows = [_answered(line) for line in seen.answers[:SHOWN]]
    rows.append(
        Row(
            t("today.to_review", n=seen.review_open),
            leading=Disc(ft.Icons.FACT_CHECK_OUTLINED, "primary"),
            trailing=Chevron(),
            on_press=lambda: go("/review"),
        )
    )
    return Section(t("today.reviews"), Group(rows), count=seen.review_open)


def _answered(line: QueueLine) -> ft.Control:
    name = who(line.author)
    return Row(
        t("today.answered", name=name) if name else t("state.answered"),
        joined(capital(line.where), when(line.at)),
        leading=Avatar(name or "?", tone="info"),
        trailing=Chevron(),
        on_press=lambda: go(f"/review/{line.id}"),
        key=line.id,
    )


def _quiet() -> ft.Control:
    """Nothing waits: what could be next depends on whose day it is."""
    if frame().station.role == "supervisor":
        return Nothing(t("today.quiet"), t("today.quiet_supervisor"))
    return ft.Column(
        [
            Nothing(t("today.quiet"), t("today.quiet_team")),
            ft.Row(
                [
                    Tonal(t("today.start_outing"), lambda: go("/new/outing"), icon=ft.Icons.AIRPORT_SHUTTLE_OUTLINED),
                    Tonal(t("nav.record"), lambda: go("/record"), icon=ft.Icons.ADD),
                ],
                wrap=True,
                spacing=8,
                run_spacing=8,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
        ],
        spacing=16,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
