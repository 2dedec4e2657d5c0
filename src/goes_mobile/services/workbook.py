"""Reading the first sheet of an Excel file (.xlsx) row by row: cached values of formulas, merged cells, dates."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from goes_mobile.protocol.problems import InputRefused

Cell = str | float | bool | datetime | None
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DATES = {*range(14, 23), *range(45, 48)}
"""The numbers of Excel's own date formats."""
_DAY_ONE = {False: datetime.fromisoformat("1899-12-30"), True: datetime.fromisoformat("1904-01-01")}
_LARGEST = 300 << 20
"""Bytes of a sheet when unpacked; a bomb is larger."""


def rows(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """Row number as Excel shows it, and its cells. Raises ``not_a_table``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _Book(archive).rows()
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OverflowError, ElementTree.ParseError, RuntimeError):
        raise InputRefused("not_a_table", field="file") from None


class _Book:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        book = self._tree("xl/workbook.xml")
        settings = book.find(f"{_MAIN}workbookPr")
        late = settings is not None and settings.get("date1904") in ("1", "true")
        self._day_one = _DAY_ONE[late]
        relations = {one.get("Id"): one.get("Target", "") for one in self._tree("xl/_rels/workbook.xml.rels")}
        sheets = book.find(f"{_MAIN}sheets")
        first = (sheets if sheets is not None else book)[0]
        self._sheet = posixpath.normpath(posixpath.join("/xl", relations[first.get(_RELATION)])).lstrip("/")
        self._names = set(archive.namelist())
        self._texts = list(self._shared())
        self._dates = self._date_styles()

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        if self._archive.getinfo(self._sheet).file_size > _LARGEST:
            raise InputRefused("not_a_table", field="file")
        spans = _merged(_plain(self._archive.read(self._sheet)))
        held: dict[int, tuple[int, Cell]] = {}
        number = 0
        with self._archive.open(self._sheet) as source:
            for _, row in ElementTree.iterparse(source):  # noqa: S314 - no document type, so no entities
                if row.tag != f"{_MAIN}row":
                    continue
                number = int(row.get("r") or number + 1)
                cells = self._cells(row)
                for column, (last, value) in list(held.items()):
                    if number > last:
                        del held[column]
                    elif column < len(cells) and cells[column] is None:
                        cells[column] = value
                    elif column >= len(cells):
                        cells += [None] * (column - len(cells)) + [value]
                for column, last in spans.get(number, ()):
                    held[column] = (last, cells[column] if column < len(cells) else None)
                yield number, cells
                row.clear()

    def _cells(self, row: ElementTree.Element) -> list[Cell]:
        cells: list[Cell] = []
        for cell in row.iter(f"{_MAIN}c"):
            column = _column(cell.get("r") or "") if cell.get("r") else len(cells)
            cells += [None] * (column - len(cells))
            cells.append(self._value(cell))
        return cells

    def _value(self, cell: ElementTree.Element) -> Cell:
        sort = cell.get("t", "n")
        if sort == "inlineStr":
            return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
        found = cell.find(f"{_MAIN}v")
        if found is None or not found.text:
            return None
        if sort == "s":
            return self._texts[int(found.text)]
        if sort in ("str", "e"):
            return found.text
        if sort == "b":
            return found.text == "1"
        if sort == "d":
            return datetime.fromisoformat(found.text)
        number = float(found.text)
        if int(cell.get("s") or 0) in self._dates:
            return self._day_one + timedelta(seconds=round(number * 86_400))
        return number

    def _tree(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(_plain(self._archive.read(name)))  # noqa: S314 - no document type, so no entities

    def _shared(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self._names:
            for one in self._tree("xl/sharedStrings.xml").iter(f"{_MAIN}si"):
                yield "".join(text.text or "" for text in one.iter(f"{_MAIN}t"))

    def _date_styles(self) -> set[int]:
        if "xl/styles.xml" not in self._names:
            return set()
        styles = self._tree("xl/styles.xml")
        own = {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in styles.iter(f"{_MAIN}numFmt")}
        formats: Any = styles.find(f"{_MAIN}cellXfs")
        used = [int(style.get("numFmtId", 0)) for style in formats] if formats is not None else []
        return {place for place, number in enumerate(used) if number in _DATES or _is_date(own.get(number, ""))}


def _plain(content: bytes) -> bytes:
    if b"<!DOCTYPE" in content:
        raise InputRefused("not_a_table", field="file")
    return content


def _is_date(code: str) -> bool:
    """A format with days, months, years or hours, beside what it quotes and colours."""
    return bool(re.search("[dmyhs]", re.sub(r'"[^"]*"|\[[^]]*\]|\\.', "", code.lower()).replace("general", "")))


def _merged(sheet: bytes) -> dict[int, list[tuple[int, int]]]:
    """By the row where it begins: column and last row of what is merged over several rows."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for first, top, last in re.findall(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+)(\d+):[A-Z]+(\d+)"', sheet):
        if int(last) > int(top):
            spans.setdefault(int(top), []).append((_column(first.decode()), int(last)))
    return spans


def _column(name: str) -> int:
    number = 0
    for letter in name.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1
