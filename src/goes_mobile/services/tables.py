"""Reading an office's own list: CSV as it comes (encoding, separator), or an Excel sheet; its heading and its rows."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import workbook
from goes_mobile.services.workbook import Cell

_BETWEEN = (";", ",", "\t")
_LOOK = 15
"""Rows among which the heading is looked for: lists begin with a title, a date, an empty row."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row; ``number`` is the line of the file, as an editor or Excel shows it."""

    number: int
    cells: list[Cell] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    headings: list[str]
    lines: list[Line] = field(repr=False)


def read(name: str, content: bytes, known: Callable[[str], bool]) -> Table:
    """``known`` says of a heading that somebody could mean a field by it. Raises ``not_a_table``, ``empty_table``."""
    found = workbook.rows(content) if content[:2] == b"PK" or name.lower().endswith(".xlsx") else _csv(content)
    lines = [Line(number, cells) for number, cells in found if any(said(cell) for cell in cells)]
    if not lines:
        raise InputRefused("empty_table", field="file")
    scores = [sum(known(said(cell)) for cell in line.cells) for line in lines[:_LOOK]]
    head = scores.index(max(scores))
    return Table([said(cell) for cell in lines[head].cells], lines[head + 1 :])


def said(cell: Cell) -> str:
    """A cell as text."""
    return "" if cell is None else str(cell).strip()


def _csv(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = _text(content)
    hint, _, rest = text.partition("\n")
    if hint.strip().lower().startswith("sep=") and len(hint.strip()) == 5:  # Excel's own note for itself
        between, skipped, text = hint.strip()[4], 1, rest
    else:
        between, skipped = _separator(text), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    before = 0
    try:
        for cells in reader:
            yield before + 1 + skipped, list(cells)
            before = reader.line_num
    except csv.Error:
        raise InputRefused("not_a_table", field="file") from None


def _separator(text: str) -> str:
    def columns(between: str) -> float:
        sample = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=between)
        try:
            return statistics.median(len(row) for row, _ in zip(sample, range(_LOOK), strict=False))
        except (csv.Error, statistics.StatisticsError):
            return 0

    return max(_BETWEEN, key=columns)


def _text(content: bytes) -> str:
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not text.startswith("%PDF"):
            return text
    raise InputRefused("not_a_table", field="file")
