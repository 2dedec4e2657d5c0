"""The overview: one sentence, three numbers, one button; then what waits, then what is worth reading."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import flet as ft

from goes_mobile.services.sync_view import SyncHint, SyncView, WaitingLine
from goes_mobile.state.app import Status
from goes_mobile.state.synchronisation import Synchronisation
from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components import (
    Card,
    Chevron,
    Disc,
    Group,
    Icon,
    Loading,
    Meta,
    Outlined,
    Primary,
    Row,
    Section,
    Subtitle,
    TextAction,
    Words,
    kind_icon,
)
from goes_mobile.ui.frame import Handler, Notice, app, frame, go
from goes_mobile.ui.guarded import component, use_start
from goes_mobile.ui.look import look
from goes_mobile.ui.parts.columns import Columns
from goes_mobile.ui.parts.words import long_time
from goes_mobile.ui.screens.sync.parcels import ParcelsCard
from goes_mobile.ui.shell import Screen
from goes_mobile.ui.text import has, lasting, number, t, when
from goes_mobile.ui.theme import FULL, SAVE, L, M
from goes_mobile.ui.views import use_view

_LOOKS: dict[str, tuple[ft.IconData, Tone]] = {
    "delivered": (ft.Icons.CLOUD_DONE_OUTLINED, "ok"),
    "waiting": (ft.Icons.SCHEDULE_OUTLINED, "info"),
    "sending": (ft.Icons.CLOUD_UPLOAD_OUTLINED, "info"),
    "receiving": (ft.Icons.CLOUD_DOWNLOAD_OUTLINED, "info"),
    "offline": (ft.Icons.CLOUD_OFF_OUTLINED, "look"),
    "trouble": (ft.Icons.SYNC_PROBLEM_OUTLINED, "lost"),
}
_HINTS: dict[str, tuple[ft.IconData, Tone, str]] = {
    "clock_fast": (ft.Icons.SCHEDULE_OUTLINED, "look", "/more/sync/clock"),
    "clock_slow": (ft.Icons.SCHEDULE_OUTLINED, "look", "/more/sync/clock"),
    "held": (ft.Icons.REPORT_OUTLINED, "lost", "/more/sync/held"),
    "late": (ft.Icons.SCHEDULE_SEND_OUTLINED, "look", "/more/sync/late"),
    "conflicts": (ft.Icons.DIFFERENCE_OUTLINED, "look", "/more/sync/versions"),
}


@component
def SyncScreen() -> ft.Control:
    return SyncBody(app().status)


@component
def SyncBody(status: Status) -> ft.Control:
    """Drawn anew whenever synchronisation moves."""
    view = use_view(Synchronisation)
    use_start(view.reload, status.sync)
    found = view.view
    if found is None:
        return Screen(t("sync.title"), [Loading()], back="/more", chip=False)
    main: list[ft.Control] = [_state(found, view.trying, view.try_now)]
    if found.waiting_lines:
        rows = [_waiting(line) for line in found.waiting_lines]
        main.append(Section(t("sync.waits"), Group(rows), count=found.waiting))
    main.append(ParcelsCard(found.waiting + found.carried > 0, key="parcels"))
    hints = [_hint(hint) for hint in found.hints] + [_finding(code, {}) for code in view.findings]
    aside: list[ft.Control] = [Section(t("sync.hints"), Group(hints), count=len(hints), tone="look")] if hints else []
    told = [hint for hint in found.hints if hint.code not in _HINTS]
    if (told or view.findings) and view.app.files is not None:
        aside.append(_evidence(view))
    if found.seen:
        seen = [_finding(hint.code, dict(hint.facts)) for hint in found.seen]
        aside.append(Section(t("sync.seen"), Group(seen), count=len(seen), key="seen"))
    wide = look().window == "wide" and aside
    return Screen(t("sync.title"), [Columns(main, aside)] if wide else [*main, *aside], back="/more", chip=False)


def _evidence(view: Synchronisation) -> ft.Control:
    """For the administration, or whoever checks: what the device can show about the server."""

    async def save() -> None:
        where = await view.save_evidence()
        if where:
            frame().notices.show(Notice(t("sync.evidence_saved", name=where), tone="ok"))

    return ft.Column(
        [
            Outlined(t("sync.evidence_save"), save, icon=ft.Icons.SAVE_ALT_OUTLINED),
            Meta(t("sync.evidence_about")),
            TextAction(t("sync.see"), view.see, icon=ft.Icons.DONE_ALL),
        ],
        spacing=M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _state(found: SyncView, trying: bool, try_now: Handler) -> ft.Control:
    icon, tone = _LOOKS[found.state]
    title, detail = _sentence(found)
    head = ft.Row(
        [
            Disc(icon, tone, size=48),
            ft.Column([Subtitle(title), Meta(detail)], spacing=2, tight=True, expand=True),
        ],
        spacing=L,
    )
    button = Primary(
        t("sync.trying") if trying else t("sync.try_now"),
        try_now,
        icon=ft.Icons.SYNC,
        height=SAVE,
        why_not=t("sync.trying") if trying else None,
    )
    lines: list[ft.Control] = [ft.Semantics(content=head, live_region=True, container=True), _numbers(found), button]
    if found.carried:
        lines.append(Meta(t("parcel.on_the_way", n=found.carried), text_align=ft.TextAlign.CENTER))
    if found.next_try_s is not None and found.waiting and not trying:
        soon = found.next_try_s < 60
        again = t("sync.next_soon") if soon else t("sync.next_in", time=lasting(timedelta(seconds=found.next_try_s)))
        lines.append(Meta(again, text_align=ft.TextAlign.CENTER))
    return Card(*lines, spacing=L, padding=20)


def _sentence(found: SyncView) -> tuple[str, str]:
    safe = t("sync.safe")
    if found.state == "offline":
        since = long_time(datetime.now(UTC) - found.since) if found.since else ""
        title = t("net.offline_since", since=since) if since else t("sync.never")
        if found.trouble and has(f"sync.trouble_{found.trouble}"):
            return t(f"sync.trouble_{found.trouble}"), safe
        return title, safe
    if found.state == "trouble":
        if found.trouble and has(f"sync.trouble_{found.trouble}"):
            return t(f"sync.trouble_{found.trouble}"), safe
        return t("net.broken"), t("problem.safe_code", code=found.trouble or "?")
    if found.state in ("sending", "receiving"):
        return t(f"sync.{found.state}"), safe
    if found.state == "waiting":
        return t("net.waiting", n=found.waiting), t("sync.soon")
    return t("net.delivered"), t("sync.last", when=when(found.since)) if found.since else ""


def _numbers(found: SyncView) -> ft.Control:
    p = look().palette
    cells = [
        (found.saved, t("sync.n_saved"), p.ink),
        (found.confirmed, t("sync.n_server"), p.ok),
        (found.waiting, t("sync.n_waiting"), p.look if found.waiting else p.ink_soft),
    ]
    numbers = [
        ft.Container(
            ft.MergeSemantics(
                content=ft.Column(
                    [
                        Words(number(n), "number", colour, text_align=ft.TextAlign.CENTER),
                        Meta(words, text_align=ft.TextAlign.CENTER),
                    ],
                    spacing=0,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                )
            ),
            expand=True,
        )
        for n, words, colour in cells
    ]
    row: ft.Control = ft.Row(numbers, spacing=M, vertical_alignment=ft.CrossAxisAlignment.START)
    if look().roomy and look().compact:
        row = ft.Column(
            [ft.Row([Words(number(n), "number", c), Meta(w, expand=True)], spacing=L) for n, w, c in cells],
            spacing=M,
            tight=True,
        )
    return ft.Column([row, _bar(found)], spacing=L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _bar(found: SyncView) -> ft.Control:
    """How much of it the server has; decoration, the numbers above say the same."""
    p = look().palette
    parts: list[ft.Control] = []
    # A few that wait stay visible beside thousands that arrived.
    whole = max(found.saved, 1)
    waiting = max(found.waiting, whole // 40) if found.waiting else 0
    if found.confirmed:
        parts.append(ft.Container(height=8, bgcolor=p.ok, border_radius=FULL, expand=max(whole - waiting, 1)))
    if waiting:
        parts.append(ft.Container(height=8, bgcolor=p.chart_office, border_radius=FULL, expand=waiting))
    if not parts:
        parts.append(ft.Container(height=8, bgcolor=p.container_high, border_radius=FULL, expand=1))
    return ft.Row(parts, spacing=4)


def _waiting(line: WaitingLine) -> ft.Control:
    return Row(
        line.title,
        when(line.saved_at) if line.saved_at else "",
        leading=Disc(kind_icon(line.kind)),
        trailing=Icon(ft.Icons.SCHEDULE_OUTLINED, look().palette.look, 24, name=t("state.waiting")),
        on_press=_way(line.kind, line.id),
        key=line.id,
    )


def _way(kind: str, record: str) -> Handler | None:
    paths = {"encounter": "/encounters", "young_person": "/people", "task": "", "outing": ""}
    if paths.get(kind):
        return lambda: go(f"{paths[kind]}/{record}")
    return (lambda: go("/more/tasks")) if kind == "task" else None


def _hint(hint: SyncHint) -> ft.Control:
    if hint.code not in _HINTS:
        return _finding(hint.code, dict(hint.facts))
    icon, tone, path = _HINTS[hint.code]
    n = int(hint.facts.get("count", hint.facts.get("minutes", 0)))
    title = t(f"sync.hint_{hint.code}", n=n, time=long_time(timedelta(minutes=n)))
    if hint.code.startswith("clock") and not n:
        title = t("sync.hint_clock_was")
    return Row(
        title,
        t(f"sync.detail_{hint.code}"),
        leading=Disc(icon, tone),
        trailing=Chevron(),
        on_press=lambda: go(path),
        key=hint.code,
    )


def _finding(code: str, facts: dict[str, object]) -> ft.Control:
    """Something the server or the disk did that should not happen: what it means, and that nothing is lost."""
    known = has(f"sync.finding_{code}")
    return Row(
        t(f"sync.finding_{code}") if known else t("sync.finding_other", code=code),
        t(f"sync.meaning_{code}") if known else t("problem.safe"),
        leading=Disc(ft.Icons.POLICY_OUTLINED, "look"),
        key=code,
    )
