"""What stays at the thumb: save bar, sync chip."""

from __future__ import annotations

from datetime import UTC, datetime

import flet as ft

from goes_mobile.ui.colours import Tone
from goes_mobile.ui.components.buttons import IconAction, Outlined, Primary, TextAction
from goes_mobile.ui.components.words import Icon, Words
from goes_mobile.ui.frame import Delivery, Handler, Net
from goes_mobile.ui.guarded import component, guarded
from goes_mobile.ui.look import look
from goes_mobile.ui.text import lasting, t
from goes_mobile.ui.theme import FULL, SAVE, M, S

_NET: dict[Net, tuple[ft.IconData, Tone]] = {
    "delivered": (ft.Icons.CLOUD_DONE_OUTLINED, "ok"),
    "sending": (ft.Icons.CLOUD_UPLOAD_OUTLINED, "info"),
    "waiting": (ft.Icons.SCHEDULE_OUTLINED, "info"),
    "offline": (ft.Icons.CLOUD_OFF_OUTLINED, "look"),
    "broken": (ft.Icons.SYNC_PROBLEM_OUTLINED, "lost"),
}


def net_words(delivery: Delivery, now: datetime | None = None) -> tuple[str, str]:
    """What the chip says, short ("3 warten") and long ("Offline seit 3 Std. · 3 warten")."""
    n = delivery.waiting
    waiting = t("net.waiting", n=n)
    if delivery.net == "offline":
        since = lasting((now or datetime.now(UTC)) - delivery.since) if delivery.since else ""
        whole = t("net.offline_since", since=since) if since else t("net.offline")
        return (waiting if n else t("net.offline")), (f"{whole} · {waiting}" if n else whole)
    if delivery.net == "sending":
        return t("net.sending", n=n), t("net.sending", n=n)
    if delivery.net == "waiting":
        return waiting, waiting
    key = "net.broken" if delivery.net == "broken" else "net.delivered"
    return t(key), t(key)


@component
def SyncChip(delivery: Delivery, on_press: Handler | None = None, *, icon_only: bool = False) -> ft.Control:
    """How delivery stands; a tap leads to the screen that explains it. Offline is amber, never red."""
    shown = look()
    icon, tone = _NET[delivery.net]
    pair = shown.palette.pair(tone)
    short, long = net_words(delivery)
    small = icon_only or (shown.roomy and shown.compact)
    words = short if shown.compact else long
    if not small and shown.compact and delivery.net == "delivered":
        small = True  # nothing to say: the tick in the cloud is enough, the title keeps its room
    content: list[ft.Control] = [Icon(icon, pair.ink, 22, name=long if small else None)]
    if not small:
        text = Words(words, "label", pair.ink, semantics_label=long)
        text.expand, text.expand_loose = True, True
        content.append(text)
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            content=ft.Row(content, spacing=10, tight=True),
            padding=ft.Padding.symmetric(horizontal=16, vertical=13 if small else 14),
            bgcolor=pair.ground,
            border_radius=FULL,
            border=ft.Border.all(shown.palette.border, shown.palette.outline) if shown.theme == "sun" else None,
            ink=on_press is not None,
            on_click=guarded(on_press),
        ),
    )


def SaveBar(
    save: str,
    on_save: Handler,
    *,
    again: str = "",
    on_again: Handler | None = None,
    later: str = "",
    on_later: Handler | None = None,
    busy: bool = False,
    saved: str = "",
    undo: str = "",
    on_undo: Handler | None = None,
    icon: ft.IconData = ft.Icons.CHECK,
) -> ft.Control:
    """The bar below a form: the filled button where the thumb is, "Nächste" beside it, "Später" far away.

    While `busy` it does not save twice. `saved` shows what happened, in the bar itself: a toast would cover it.
    """
    shown = look()
    main = Primary(save, None if busy else on_save, icon=icon, height=SAVE, touch="medium")
    if saved:
        told = ft.Semantics(
            content=ft.Row(
                [Icon(ft.Icons.CHECK_CIRCLE, shown.palette.ok, 24), Words(saved, "strong", expand=True)], spacing=M
            ),
            live_region=True,
            expand=True,
        )
        return Bar(told, *([TextAction(undo, on_undo)] if undo else []))
    small = shown.compact and shown.roomy
    first: list[ft.Control] = []
    if later and not shown.compact:
        first.append(TextAction(later, on_later))
        first.append(ft.Container(expand=True))
    if again:
        if small:
            first.append(IconAction(ft.Icons.ADD, again, on_again, colour=shown.palette.primary, size=SAVE))
        else:
            first.append(Outlined(again, on_again, icon=ft.Icons.ADD, height=SAVE))
    elif later and shown.compact:
        first.append(TextAction(later, on_later))
    if small and later and not again:  # beside each other neither would have room
        both = ft.Column(
            [main, TextAction(later, on_later)],
            spacing=S,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        return Bar(ft.Container(both, expand=True))
    wide = (
        ft.Container(main, expand=True) if shown.compact else ft.Container(main, width=240 if not shown.roomy else None)
    )
    parts = [*first, wide]
    if not shown.compact and not later:
        parts.insert(0, ft.Container(expand=True))
    return Bar(*(reversed(parts) if shown.left_handed else parts))


def Bar(*content: ft.Control) -> ft.Control:
    """A bar at the bottom of a screen."""
    shown = look()
    return ft.Container(
        content=ft.Row(list(content), spacing=M, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        padding=ft.Padding.symmetric(horizontal=shown.edge, vertical=M),
        bgcolor=shown.palette.bars,
        border=ft.Border.only(top=ft.BorderSide(shown.palette.border, shown.palette.outline_soft)),
    )


def DraftKept(state: str = "kept") -> ft.Control:
    """Top right in a form: "Entwurf gesichert" once the last key stroke is safe, nothing before."""
    shown = look()
    if state != "kept":
        return ft.Container()
    ok = shown.palette.ok
    content: list[ft.Control] = [Icon(ft.Icons.CHECK, ok, 20, name=t("draft.kept") if shown.roomy else None)]
    if not shown.roomy:
        content.append(Words(t("draft.kept"), "meta", ok))
    return ft.Semantics(content=ft.Row(content, spacing=S, tight=True), live_region=True, container=True)
