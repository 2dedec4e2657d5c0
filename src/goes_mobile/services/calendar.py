"""Appointments as iCalendar (RFC 5545), small enough to be written here: no library for five lines of an event.

What leaves the program may lie in a calendar that others read: it names young people by alias, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

WIDTH = 75
"""Octets in a line; longer ones are folded."""


@dataclass(frozen=True, slots=True)
class Event:
    """``remind``: minutes before, or none."""

    id: str
    starts: datetime
    ends: datetime
    title: str = field(repr=False)
    place: str = field(default="", repr=False)
    remind: int | None = None
    reminder: str = field(default="", repr=False)


def write(events: Iterable[Event], made_at: datetime) -> bytes:
    """A calendar file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//GO!ES mobil//DE", "CALSCALE:GREGORIAN"]
    for event in events:
        lines += _event(event, made_at)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _event(event: Event, made_at: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT", f"UID:{event.id}@goes-mobil", f"DTSTAMP:{_moment(made_at)}",
        f"DTSTART:{_moment(event.starts)}", f"DTEND:{_moment(event.ends)}", f"SUMMARY:{_escaped(event.title)}",
        "CLASS:PRIVATE",
    ]  # fmt: skip
    if event.place:
        lines.append(f"LOCATION:{_escaped(event.place)}")
    if event.remind is not None:
        lines += [
            "BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{event.remind}M",
            f"DESCRIPTION:{_escaped(event.reminder)}", "END:VALARM",
        ]  # fmt: skip
    return [*lines, "END:VEVENT"]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Control characters are not allowed in a text, apart from a line's end, which is written as ``\\n``."""
    lines = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return "\\n".join("".join(sign for sign in line if sign >= " " and sign != "\x7f") for line in lines)


def _folded(line: str) -> bytes:
    """No line is longer than 75 octets, and none is broken inside a character."""
    pieces: list[bytes] = []
    piece = b""
    for sign in line:
        octets = sign.encode("utf-8", "replace")
        if len(piece) + len(octets) > WIDTH - bool(pieces):  # what goes on begins with a space
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece])
