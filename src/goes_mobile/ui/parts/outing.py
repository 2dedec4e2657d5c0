"""Phrases about an outing, said the same on *Heute* and *Einsatz*."""

from __future__ import annotations

from datetime import timedelta

from goes_mobile.services.outing import OutingView
from goes_mobile.ui.text import t


def tour_place(seen: OutingView) -> str:
    """Halt 2 von 4"""
    if seen.here is not None:
        return t("outing.stop_n_of", n=seen.number, of=seen.of)
    return t("outing.stops_done", done=seen.number, of=seen.of) if seen.of else ""


def together(seen: OutingView) -> str:
    """mit Aylin und Tom"""
    first = [member.name.split(" ")[0] for member in seen.team]
    if not first:
        return ""
    *others, last = first
    return t("outing.with_several", others=", ".join(others), last=last) if others else t("outing.with", name=last)


def hours(lasted: timedelta) -> str:
    """1:12 Std. · 8 Min."""
    minutes = max(int(lasted.total_seconds() // 60), 0)
    if minutes < 60:
        return t("time.minutes", n=minutes)
    return t("outing.hours", hours=f"{minutes // 60}:{minutes % 60:02d}")
