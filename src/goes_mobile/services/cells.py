"""What a cell of somebody's list means for a field: a day, a number, a code said by its label."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import codes
from goes_mobile.records.fields import FieldInfo
from goes_mobile.records.refusals import FieldRefused
from goes_mobile.services import scripting
from goes_mobile.services.desk import Desk
from goes_mobile.services.likeness import fold
from goes_mobile.services.workbook import Cell

TIME = "at/time"
"""A column with the time beside the day."""
_YES = {"ja": True, "yes": True, "x": True, "1": True, "true": True, "wahr": True, "nein": False, "no": False,
        "0": False, "false": False, "falsch": False}  # fmt: skip
_DAYS = ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m/%Y")
_NOON = time(12)
_BETWEEN = re.compile(r"[;,/|\n]")


def value(desk: Desk, info: FieldInfo, name: str, cell: Cell, words: dict[str, str]) -> Any:
    if info.shape == "tally":
        return _whole(name, cell)
    if info.shape == "set":
        text = text_of(cell)
        whole = info.codes is not None and code_of(desk, info, text, words) is not None
        parts = [text] if whole else [part.strip() for part in _BETWEEN.split(text)]
        return list(dict.fromkeys(_word(desk, info, name, part, words) for part in parts if part))
    if info.type in (datetime, date):
        moment = _moment(name, cell)
        return moment.replace(tzinfo=desk.zone) if info.type is datetime else moment.date()
    if info.type is int:
        return _whole(name, cell)
    if info.type is bool:
        if fold(text_of(cell)) not in _YES:
            raise FieldRefused(name, "not_yes_or_no")
        return _YES[fold(text_of(cell))]
    return _word(desk, info, name, text_of(cell), words)


def _word(desk: Desk, info: FieldInfo, name: str, text: str, words: dict[str, str]) -> str:
    if info.ref == "site":
        named = {fold(site.name): site.id for site in desk.preset.sites}
        return named.get(fold(text)) or scripting.site(desk, text)
    if not info.codes:
        return text
    found = code_of(desk, info, text, words)
    if found is None:
        raise InputRefused("unknown_word", field=name)
    return found


def code_of(desk: Desk, info: FieldInfo, text: str, words: dict[str, str]) -> str | None:
    """A code by itself, by its label, or by one of the words of its label that no other has; found once for a list."""
    wanted = fold(text)
    if wanted not in words:
        words[wanted] = _listed(desk, info, wanted) or ""
    return words[wanted] or None


def _listed(desk: Desk, info: FieldInfo, wanted: str) -> str | None:
    listed = codes.codes(info.codes or "", desk.preset)
    for code, label in listed.items():
        if wanted in (fold(code), fold(label.de), fold(label.en)):
            return code
    within = [code for code, label in listed.items() if wanted in _pieces(label)]
    return within[0] if len(within) == 1 else None


def _pieces(label: codes.Label) -> set[str]:
    return {piece.strip() for text in label[:2] for piece in _BETWEEN.split(fold(text))}


def text_of(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _whole(name: str, cell: Cell) -> int:
    found = re.fullmatch(r"(\d+)(?:[.,]0+)?\s*(?:min\w*\.?)?", text_of(cell).lower())
    if found is None:
        raise FieldRefused(name, "not_a_whole_number")
    return int(found[1])


def _moment(name: str, cell: Cell) -> datetime:
    """As clocks on the wall show it; a day alone is its noon."""
    if isinstance(cell, datetime):
        return cell if cell.time() != time() else datetime.combine(cell, _NOON)
    text = text_of(cell)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if "T" in text else _written(text)
    except ValueError:
        raise InputRefused("not_a_day", field=name) from None


def _written(text: str) -> datetime:
    day, _, clock = text.partition(" ")
    for form in _DAYS:
        try:
            found = datetime.strptime(day.rstrip(","), form)  # noqa: DTZ007 - a wall clock's; its zone comes after
        except ValueError:
            continue
        return datetime.combine(found, time(*clock_of(clock)) if clock.strip() else _NOON)
    raise ValueError


def clock_of(cell: Cell) -> tuple[int, int]:
    if isinstance(cell, datetime):
        return cell.hour, cell.minute
    if isinstance(cell, float) and 0 <= cell < 1:
        return divmod(round(cell * 1440) % 1440, 60)
    found = re.match(r"\s*(\d{1,2})(?:[:.h](\d{2}))?", text_of(cell))
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise FieldRefused(TIME, "not_a_time")
    return int(found[1]), int(found[2] or 0)
