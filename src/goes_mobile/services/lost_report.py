"""The list of *Niemand geht verloren* as a report: who, why, since when, and what is explained; site by site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import codes
from goes_mobile.services import lost
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.lost import REASONS, LostLine
from goes_mobile.services.names import name_of
from goes_mobile.services.report import Cell, Figure, Report, Row, Table, signed

DEFINITION = "lost 2026-1"
WORDS = {
    "title": ("Niemand geht verloren", "Nobody gets lost"),
    "open": ("ohne Antwort", "without an answer"),
    "rests": ("erklärt, ruht", "explained, rests"),
    "site": ("Einrichtungen", "Sites"),
    "list": ("Liste", "List"),
    "days": ("Tage", "days"),
    "until": ("ruht bis", "rests until"),
    "method": (
        "Was heute gilt und im Zeitraum begonnen hat, ohne was beantwortet ist, soweit dieses Gerät es lesen darf.",
        "What holds today and began in the period, without what is answered, as far as this device may read it.",
    ),
    "note": (
        "Eine Arbeitsliste mit Alias, nicht zur Weitergabe.",
        "A working list with aliases, not to be passed on.",
    ),
}


def report(desk: Desk, start: date, end: date, sites: Sequence[str] | None = None) -> Report:
    """The lines that began from ``start`` to ``end`` (both included), of some sites or of all this device reads."""
    if end < start:
        raise InputRefused("ends_before_start", field="to")
    found = [line for line in lost.everything(desk) if start <= line.from_day <= end]
    if sites is not None:
        found = [line for line in found if line.site in sites]
    here = sorted(sites if sites is not None else {line.site for line in found})
    open_ = [line for line in found if line.rests is None]
    counted = Counter(line.reason for line in open_)
    figures = [Figure(reason, _reason(desk, reason), Cell(counted[reason])) for reason in REASONS]
    figures += [
        Figure("open", _say(desk, "open"), Cell(len(open_))),
        Figure("rests", _say(desk, "rests"), Cell(len(found) - len(open_))),
    ]
    return signed(
        Report(
            title=_say(desk, "title"), definition=DEFINITION, method=_say(desk, "method"), county=desk.preset.title,
            start=start, end=end, sites=[Named(site, name_of(desk, "site", site)) for site in here], made_at=desk.now,
            data_state=None, threshold=0, figures=figures, tables=[_by_site(desk, open_, here), _list(desk, found)],
            note=_say(desk, "note"),
        )
    )  # fmt: skip


def _by_site(desk: Desk, open_: Sequence[LostLine], sites: Sequence[str]) -> Table:
    counted = Counter((line.site, line.reason) for line in open_)
    rows = [
        Row(site, name_of(desk, "site", site), [Cell(counted[site, reason]) for reason in REASONS]) for site in sites
    ]
    return Table("site", _say(desk, "site"), "", [(reason, _reason(desk, reason)) for reason in REASONS], rows)


def _list(desk: Desk, found: Sequence[LostLine]) -> Table:
    rows = [Row(line.id, _line(desk, line), [Cell(line.days)]) for line in found]
    return Table("list", _say(desk, "list"), "", [("days", _say(desk, "days"))], rows)


def _line(desk: Desk, line: LostLine) -> str:
    said = [line.alias, _reason(desk, line.reason)]
    if line.rests is not None:
        because = codes.say("lost_because", line.rests.because, desk.language, desk.preset)
        said.append(f"{_say(desk, 'until')} {line.rests.until:%d.%m.%Y}: {because}")
    return " · ".join(said)


def _reason(desk: Desk, reason: str) -> str:
    return codes.say("lost_reason", reason, desk.language, desk.preset)


def _say(desk: Desk, key: str) -> str:
    return WORDS[key][desk.language == "en"]
