"""The question about duplicates among 20,000 people, and an office's list of 50,000 rows."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from goes_mobile.protocol.ids import new_id, to_text
from goes_mobile.records.presets import preset
from goes_mobile.records.reading import row_of
from goes_mobile.records.tables import Cells, cells, replace_sql
from goes_mobile.services import importing, people
from goes_mobile.services.desk import Desk, Me
from goes_mobile.store.store import Store
from tests.bench.profiles import SITE, clock, filled
from tests.bench.rows import Figure, at_most

PEOPLE, ROWS = 20_000, 50_000
MADE = datetime(2026, 11, 2, tzinfo=UTC)
HEAD = "Datum;Uhrzeit;Dauer;Ort;Themen;Notiz;14-17 weiblich;14-17 männlich"
_START = ("Bo", "Mi", "La", "Ta", "Fe", "Jo", "Ka", "Su", "Re", "Ni")
_END = ("ris", "ka", "ra", "mir", "lix", "nas", "tja", "sanne", "gina", "klas")


def desk(store: Store, session: object) -> Desk:
    me = Me(to_text(store.identity.member), store.device.hex(), "outreach", (SITE,))
    now = datetime.fromtimestamp(store.now_ms() / 1000, UTC)
    return Desk(session, me, now, lambda: new_id(store.now_ms()), preset("landkreis-esslingen"), store)  # type: ignore[arg-type]


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as place:
        store = filled(Path(place) / "people", 0)
        try:
            return [*_alike(store), *_import(store)]
        finally:
            store.close()


def _alike(store: Store) -> list[Figure]:
    draw = random.Random(4)
    store.projection.db.executemany(replace_sql("young_person"), [_person(draw) for _ in range(PEOPLE)])
    taken = []
    for name in ("", "Bor", "Boris M", "Mikka", "Fellix", "Larissa 77", "Jonas", "Katja Meier"):
        with store.session() as session:
            begun = time.perf_counter()
            people.similar(desk(store, session), name, birth_year=2008)
            taken.append((time.perf_counter() - begun) * 1000)
    return [
        Figure("duplicates: the table after unlocking, 20,000 people", taken[0], "ms"),
        at_most("duplicates: asked while typing, 20,000 people", statistics.median(taken[1:]), "ms", 50),
        at_most("duplicates: the slowest of them", max(taken[1:]), "ms", 50),
    ]


def _person(draw: random.Random) -> Cells:
    """Its row alone: sealing 20,000 files is another figure."""
    alias = draw.choice(_START) + draw.choice(_END) + f" {draw.choice(_START)}{draw.choice(_END)} {draw.randrange(999)}"
    values = {"alias": alias, "birth_year": draw.randrange(1999, 2012), "site": SITE}
    row = row_of("young_person", values, new_id(clock()))
    made = {"created_at": MADE, "created_by": "", "changed_at": MADE, "changed_by": "", "version": ""}
    return cells("young_person", {**row, **made, "deleted": False})


def _lines() -> Iterator[str]:
    yield HEAD
    for n in range(ROWS):
        day = f"{n % 28 + 1:02}.{n % 9 + 1:02}.2026;{n % 12 + 8}:15"
        yield f"{day};20;Bahnhof;Schule, Wohnen;Gespräch {n};{n % 4};{n % 3}"


def _import(store: Store) -> list[Figure]:
    content = "\r\n".join(_lines()).encode("cp1252")
    begun = time.perf_counter()
    with store.session() as session:
        at = desk(store, session)
        table, wiring = importing.opened(at, "encounter", "liste.csv", content)
        seen = importing.taken(at, "encounter")
        for start in range(0, ROWS, importing.BATCH):
            lines = table.lines[start : start + importing.BATCH]
            made = importing.rows(at, "encounter", table, wiring, lines, seen)
            store.write([row.change for row in made if row.change])
    return [at_most("import: 50,000 rows", time.perf_counter() - begun, "s", 60)]
