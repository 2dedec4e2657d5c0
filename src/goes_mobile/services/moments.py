"""Periods as people mean them: local days, months."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from goes_mobile.services.desk import Desk


def first_moment(desk: Desk, day: date | None) -> datetime | None:
    return desk.starts(day) if day else None


def after(desk: Desk, day: date | None) -> datetime | None:
    """The first moment that no longer belongs to the day."""
    return desk.starts(day + timedelta(days=1)) if day else None


def months(start: date, end: date) -> list[str]:
    """All months of a period, as ``2026-03``."""
    found = []
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found
