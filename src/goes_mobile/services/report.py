"""The funder's report: encounters and people in a period, with small numbers hidden so that nobody is recognised.

A report can be repeated: the same data, period and sites give the same figures and the same check sum. No staff
member's figures are in it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import ages as bands
from goes_mobile.records import codes
from goes_mobile.records.encounter import Encounter
from goes_mobile.records.participation import Participation
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services import ages, headcount, moments, sameness
from goes_mobile.services.desk import Desk, Named
from goes_mobile.services.names import name_of
from goes_mobile.services.suppression import Hidden, Sum, hide

DEFINITION = "funder 2026-1"
UNSAID = "unsaid"
AGES = ("under_14", "age_14_17", "age_18_20", "age_21_24", "age_25_27", "over_27", "unknown")
GENDERS = ("female", "male", "diverse", "no_answer")
WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Bericht für Förderer", "Funder's report"),
    "encounters": ("Begegnungen", "Encounters"),
    "people": ("Menschen in Begegnungen", "People in encounters"),
    "inside": ("davon {first} bis {last} Jahre", "of these {first} to {last} years old"),
    "under_14": ("unter 14, zählt getrennt", "under 14, counted separately"),
    "over_27": ("über 27, zählt getrennt", "over 27, counted separately"),
    "unknown": ("Alter unbekannt", "age unknown"),
    "known": ("Junge Menschen mit Akte, jeder einmal", "Young people with a file, each once"),
    "work_form": ("Arbeitsform", "Work form"),
    "topic": ("Themen", "Topics"),
    "place": ("Orte", "Places"),
    "site": ("Einrichtungen", "Sites"),
    "month": ("Monate", "Months"),
    "age_gender": ("Alter und Geschlecht", "Age and gender"),
    "topic_note": ("Mehrfach möglich.", "Several are possible."),
    "people_note": ("Wer öfter kam, zählt jedes Mal.", "Who came more often counts each time."),
    "street": ("Straße", "street"),
    "elsewhere": ("Büro und anderswo", "office and elsewhere"),
    "total": ("zusammen", "total"),
    UNSAID: ("ohne Angabe", "not said"),
    "hidden": (
        "„<{threshold}“ und „·“ sind verdeckt, damit niemand zu erkennen ist.",
        "“<{threshold}” and “·” are hidden so that nobody can be recognised.",
    ),
    "method": (
        "Gezählt werden Begegnungen mit Beginn im Zeitraum, ohne gelöschte und Entwürfe, "
        "soweit dieses Gerät sie lesen darf.",
        "Counted are encounters that begin in the period, without deleted ones and drafts, "
        "as far as this device may read them.",
    ),
}
Count = tuple[str, str, str]
"""Table, row, column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, or why it is not shown."""

    value: int | None
    hidden: Hidden = ""
    threshold: int = 5

    @property
    def shown(self) -> str:
        """„12“, „<5“, or „·“ for a number hidden so that another cannot be computed."""
        if self.hidden == "small":
            return f"<{self.threshold}"
        return "·" if self.hidden else str(self.value)


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    label: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    code: str
    label: str
    note: str
    columns: list[tuple[str, str]]
    """Code and label of each column."""
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Figure:
    code: str
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    definition: str
    method: str
    county: str
    start: date
    end: date
    sites: list[Named]
    made_at: datetime
    data_state: datetime | None
    """The newest change among what was counted."""
    threshold: int
    figures: list[Figure]
    tables: list[Table]
    note: str
    check_sum: str = field(default="")


def funder(desk: Desk, start: date, end: date, sites: Sequence[str] | None = None) -> Report:
    """Encounters and people from ``start`` to ``end`` (both included), of some sites or of all this device reads."""
    if end < start:
        raise InputRefused("ends_before_start", field="to")
    encounters = _encounters(desk, start, end, sites)
    values, sums = _count(desk, encounters, start, end)
    hidden = hide(values, sums, desk.preset.small_cell)
    report = _report(desk, encounters, (start, end), sites, _Cells(values, hidden, desk.preset.small_cell))
    return signed(report)


def _encounters(desk: Desk, start: date, end: date, sites: Sequence[str] | None) -> list[Encounter]:
    query = select(Encounter).where(
        col(Encounter.deleted).is_(False), col(Encounter.draft).is_(False), col(Encounter.at) >= desk.starts(start),
        col(Encounter.at) < moments.after(desk, end),
    )  # fmt: skip
    if sites is not None:
        query = query.where(col(Encounter.site).in_(sites))
    return list(desk.read.exec(query))


# -- counting ------------------------------------------------------------------------------------------------------


def _count(desk: Desk, found: Sequence[Encounter], start: date, end: date) -> tuple[dict[Any, int], list[Sum]]:
    """Every number that is published, and the equations between them that everybody knows."""
    values: dict[Any, int] = {"encounters": len(found)}
    sums: list[Sum] = []
    for table, code_of in _groupings(desk).items():
        counted = Counter(code_of(e) or UNSAID for e in found)
        offered = _offered(desk, table, counted)
        parts = [(table, code, "encounters") for code in offered]
        values |= {part: counted[part[1]] for part in parts}
        sums.append(Sum("encounters", tuple(parts)))
    topics = Counter(topic for e in found for topic in e.topics)
    values |= {("topic", code, "encounters"): topics[code] for code in _offered(desk, "topic", topics)}
    _months(desk, found, start, end, values, sums)
    _people(desk, found, values, sums)
    return values, sums


def _groupings(desk: Desk) -> dict[str, Callable[[Encounter], str | None]]:
    return {"work_form": lambda e: e.work_form, "place": lambda e: e.place, "site": lambda e: e.site}


def _offered(desk: Desk, table: str, counted: Mapping[str, int]) -> list[str]:
    """All codes of the list, those of other versions of it that occur, and *not said* if it occurs."""
    listed = [] if table == "site" else list(codes.choices(table, desk.preset))
    if table == "work_form":
        listed = [code for code in listed if code in desk.preset.work_forms or counted.get(code)]
    others = sorted(code for code in counted if code not in listed and code != UNSAID)
    return [*listed, *others, *([UNSAID] if counted.get(UNSAID) else [])]


def _months(
    desk: Desk, found: Sequence[Encounter], start: date, end: date, values: dict[Any, int], sums: list[Sum]
) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for e in found:
        month = f"{e.at.astimezone(desk.zone):%Y-%m}"
        counted[month, "street" if e.work_form == "street_work" else "elsewhere"] += 1
    months = moments.months(start, end)
    for month in months:
        parts = tuple(("month", month, column) for column in ("street", "elsewhere"))
        values |= {part: counted[month, part[2]] for part in parts}
        values["month", month, "total"] = sum(values[part] for part in parts)
        sums.append(Sum(("month", month, "total"), parts))
    sums.append(Sum("encounters", tuple(("month", month, "total") for month in months)))
    street_work = ("work_form", "street_work", "encounters")
    if street_work in values:  # the street column adds up to that work form: an attacker knows it too
        sums.append(Sum(street_work, tuple(("month", month, "street") for month in months)))


def _people(desk: Desk, found: Sequence[Encounter], values: dict[Any, int], sums: list[Sum]) -> None:
    cells: Counter[tuple[str, str]] = Counter()
    known = _known_cells(desk, found)
    for e in found:
        cells.update(headcount.cells(e, known.get(e.id)))
    rows = [*AGES, *sorted({age for age, _ in cells} - set(AGES))]
    columns = [*GENDERS, *sorted({gender for _, gender in cells} - set(GENDERS))]
    for age in rows:
        parts = tuple(("age_gender", age, gender) for gender in columns)
        values |= {part: cells[age, part[2]] for part in parts}
        values["age_gender", age, "total"] = sum(values[part] for part in parts)
        sums.append(Sum(("age_gender", age, "total"), parts))
    for gender in columns:
        parts = tuple(("age_gender", age, gender) for age in rows)
        values["age_gender", "total", gender] = sum(values[part] for part in parts)
        sums.append(Sum(("age_gender", "total", gender), parts))
    values["people"] = sum(cells.values())
    sums.append(Sum("people", tuple(("age_gender", age, "total") for age in rows)))
    sums.append(Sum("people", tuple(("age_gender", "total", gender) for gender in columns)))
    inside = [age for age in rows if not bands.band_outside(age) and age != "unknown"]
    values["inside"] = sum(values["age_gender", age, "total"] for age in inside)
    sums.append(Sum("inside", tuple(("age_gender", age, "total") for age in inside)))
    values["known"] = len(_known(desk, found))


def _known_cells(desk: Desk, found: Sequence[Encounter]) -> dict[str, tuple[str, str]]:
    """Band and gender of the one known person of an encounter, on its day."""
    subjects = {e.subject for e in found if e.subject}
    people = {p.id: p for p in desk.read.exec(select(YoungPerson)) if p.id in subjects}
    return {
        e.id: (ages.band_of(person, desk.day_of(e.at)), person.gender or "no_answer")
        for e in found
        if e.subject and (person := people.get(e.subject))
    }


def _known(desk: Desk, found: Sequence[Encounter]) -> set[str]:
    ids = {e.id for e in found}
    alone = {e.subject for e in found if e.subject}
    parts = desk.read.exec(select(Participation).where(col(Participation.deleted).is_(False)))
    together = sameness.classes(desk)
    return {together.shown(person) for person in alone | {part.person for part in parts if part.encounter in ids}}


# -- putting together ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cells:
    values: Mapping[Any, int]
    hidden: Mapping[Any, Hidden]
    threshold: int

    def __call__(self, key: Any) -> Cell:
        state = self.hidden[key]
        return Cell(None if state else self.values[key], state, self.threshold)

    def rows(self, table: str) -> list[str]:
        return list(dict.fromkeys(key[1] for key in self.values if isinstance(key, tuple) and key[0] == table))

    def columns(self, table: str) -> list[str]:
        return list(dict.fromkeys(key[2] for key in self.values if isinstance(key, tuple) and key[0] == table))


def _report(
    desk: Desk, found: Sequence[Encounter], period: tuple[date, date], sites: Sequence[str] | None, cells: _Cells
) -> Report:
    say = _Say(desk)
    start, end = period
    figures = [Figure(code, say(code), cells(code)) for code in ("encounters", "people", "inside")]
    apart = (*ages.SEPARATE, "unknown")
    figures += [Figure(age, say(age), cells(("age_gender", age, "total"))) for age in apart]
    figures.append(Figure("known", say("known"), cells("known")))
    simple = [("encounters", say("encounters"))]
    tables = [_table(say, cells, code, simple) for code in ("work_form", "place", "site")]
    tables.append(_table(say, cells, "topic", simple, say("topic_note")))
    tables.append(_table(say, cells, "month", [(c, say(c)) for c in ("street", "elsewhere", "total")]))
    genders = [c for c in cells.columns("age_gender") if c != "total"]
    columns = [*((c, say.code("gender", c)) for c in genders), ("total", say("total"))]
    tables.append(_table(say, cells, "age_gender", columns, say("people_note")))
    shown_sites = sites if sites is not None else sorted({e.site for e in found if e.site})
    return Report(
        title=say("title"), definition=DEFINITION, method=say("method"), county=desk.preset.title, start=start, end=end,
        sites=[Named(site, name_of(desk, "site", site)) for site in shown_sites], made_at=desk.now,
        data_state=max((e.changed_at for e in found if e.changed_at), default=None), threshold=cells.threshold,
        figures=figures, tables=tables, note=say("hidden"),
    )  # fmt: skip


def _table(say: _Say, cells: _Cells, code: str, columns: list[tuple[str, str]], note: str = "") -> Table:
    rows = [
        Row(row, say.row(code, row), [_cell(cells, code, row, column) for column, _ in columns])
        for row in cells.rows(code)
    ]
    return Table(code, say(code), note, columns, rows)


def _cell(cells: _Cells, table: str, row: str, column: str) -> Cell:
    return cells("people") if (table, row, column) == ("age_gender", "total", "total") else cells((table, row, column))


class _Say:
    """Words of the report in the language of the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.facts = {
            "first": desk.preset.age_from, "last": desk.preset.age_to, "threshold": desk.preset.small_cell,
        }  # fmt: skip

    def __call__(self, key: str) -> str:
        return WORDS[key][self.desk.language == "en"].format(**self.facts)

    def code(self, name: str, code: str) -> str:
        return codes.say(name, code, self.desk.language, self.desk.preset)

    def row(self, table: str, code: str) -> str:
        if code in (UNSAID, "total"):
            return self(code)
        if table == "site":
            return name_of(self.desk, "site", code)
        return code if table == "month" else self.code({"age_gender": "age_band"}.get(table, table), code)


def plain(report: Report) -> dict[str, Any]:
    """The report for machines: codes and numbers; a hidden number is ``null`` and its ``shown`` says how."""
    return {
        "report": report.definition.partition(" ")[0], "title": report.title, "definition": report.definition,
        "method": report.method, "county": report.county, "from": report.start.isoformat(),
        "to": report.end.isoformat(),
        "sites": [{"id": site.id, "name": site.name} for site in report.sites], "threshold": report.threshold,
        "data_state": report.data_state.isoformat() if report.data_state else None,
        "made_at": report.made_at.isoformat(),
        "figures": {figure.code: _plain_cell(figure.cell) | {"label": figure.label} for figure in report.figures},
        "tables": {table.code: _plain_table(table) for table in report.tables},
        "note": report.note, "check_sum": report.check_sum,
    }  # fmt: skip


def _plain_table(table: Table) -> dict[str, Any]:
    rows = [
        {
            "code": row.code, "label": row.label,
            **{column: _plain_cell(cell) for (column, _), cell in zip(table.columns, row.cells, strict=True)},
        }
        for row in table.rows
    ]  # fmt: skip
    return {"label": table.label, "note": table.note, "columns": dict(table.columns), "rows": rows}


def _plain_cell(cell: Cell) -> dict[str, Any]:
    return {"value": cell.value, "shown": cell.shown}


def signed(report: Report) -> Report:
    """With the check sum over all that a repetition must give again."""
    counted = {k: v for k, v in plain(report).items() if k not in ("made_at", "check_sum", "title", "method", "note")}
    text = json.dumps(_codes_only(counted), sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest().upper()
    return replace(report, check_sum=f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}")


def _codes_only(value: Any) -> Any:
    """Labels are left out, so that another language gives the same check sum."""
    if isinstance(value, Mapping):
        return {k: _codes_only(v) for k, v in value.items() if k not in ("label", "name", "columns", "note")}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_codes_only(v) for v in value]
    return value
