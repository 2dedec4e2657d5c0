"""The store against SQLCipher: the same records, the same questions, in turns, in one run."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from goes_mobile.protocol.operation import encode
from goes_mobile.records.registry import kind
from goes_mobile.records.tables import Cells, cells, replace_sql
from goes_mobile.records.values import plan
from goes_mobile.store.change import Change
from goes_mobile.store.snapshot import FILE
from goes_mobile.store.store import Store
from tests.bench.profiles import SECRET, SITE, clock, encounter, filled
from tests.bench.rows import Figure, at_least, at_most, beside, turns

Ask = Callable[[], object]
Run = Callable[..., Any]
COUNT = 50_000
COLUMNS = kind("encounter").columns
PLACE, NOTE = COLUMNS.index("place_note"), COLUMNS.index("note")
AGAINST = "SQLCipher"
LIST = "SELECT * FROM encounter WHERE deleted=0 AND at < ? ORDER BY at DESC LIMIT 50"
TOTAL = "SELECT count(*) FROM encounter WHERE deleted=0 AND draft=0"
GROUP = "SELECT t.value, count(*) FROM encounter, json_each(encounter.topics) t WHERE deleted=0 GROUP BY t.value"
FIND = (
    "SELECT e.id, e.at, e.place_note, e.note FROM words JOIN encounter e ON e.rowid = words.rowid WHERE words MATCH ?"
    " ORDER BY words.rowid DESC LIMIT 50"
)


class Cipher:
    """The same table with the same indexes in SQLCipher: raw key, write-ahead log, ``synchronous=FULL``, FTS5."""

    def __init__(self, path: Path, store: Store) -> None:
        self.db = sqlcipher.connect(str(path), isolation_level=None)
        self.db.execute(f"PRAGMA key = \"x'{'5a' * 32}'\"")
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        schema = store.projection.db.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name='encounter' AND sql IS NOT NULL"
        ).fetchall()
        for (sql,) in schema:
            self.db.execute(sql)
        self.db.execute(
            "CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')"
        )

    def save(self, rows: list[tuple[Any, ...]], texts: list[str]) -> None:
        """Durable with its text index, in one transaction."""
        self.db.execute("BEGIN IMMEDIATE")
        for row, text in zip(rows, texts, strict=True):
            number = self.db.execute(replace_sql("encounter"), row).lastrowid
            self.db.execute("INSERT INTO words (rowid, text) VALUES (?,?)", (number, text))
        self.db.execute("COMMIT")


def measure(count: int = COUNT) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="goes-bench-"))
    try:
        return _measure(folder, count)
    finally:
        shutil.rmtree(folder)


def _measure(folder: Path, count: int) -> list[Figure]:
    """In profiles as full as those of people who have worked with it for years."""
    store = filled(folder / "ask", count)
    store.search("Führerschein")
    cipher = Cipher(folder / "ask.cipher", store)
    rows = store.projection.db.execute("SELECT * FROM encounter").fetchall()
    for start in range(0, len(rows), 1000):
        part = rows[start : start + 1000]
        cipher.save(part, list(map(_text, part)))
    return [*_saving(store, cipher), *_asking(store, cipher, count), *_opening(store, folder / "ask", count)]


def _saving(store: Store, cipher: Cipher) -> list[Figure]:
    """One by one, as people save. SQLCipher gets finished rows; checking a form for it too is a figure of its own."""
    dice = random.Random(3)
    changes = iter([encounter(dice, number) for number in range(2000)])
    rows = iter([_row(encounter(dice, number)) for number in range(1000)])

    def ours() -> None:
        store.write([next(changes)])

    def at_once() -> None:
        ours()
        store.search("x")

    def save(row: Cells) -> None:
        cipher.save([row], [_text(row)])

    first, second = turns(ours, lambda: save(next(rows)), 400)
    indexed, with_index = turns(at_once, lambda: save(next(rows)), 100)
    saved, checked = turns(ours, lambda: save(_row(next(changes))), 200)
    cipher.db.execute("PRAGMA journal_mode=DELETE")
    here, rolled_back = turns(ours, lambda: save(next(rows)), 100)
    cipher.db.execute("PRAGMA journal_mode=WAL")
    name = "… with"
    return [
        at_least("durable save of one encounter", first, second, f"{AGAINST} with its text index", 2),
        beside(f"{name} our text index at once", indexed, with_index, AGAINST),
        beside(f"{name} the form checked on both sides", saved, checked, AGAINST),
        beside(f"{name} the journal mode that SQLCipher comes with", here, rolled_back, AGAINST),
    ]


def _row(change: Change) -> Cells:
    """The finished row of a new record, checked by the same class as ours."""
    _, row = plan(change.kind, change.set, "", None, change.id)
    assert row is not None
    now = datetime.now(UTC)
    return cells(change.kind, row | {"created_at": now, "changed_at": now, "created_by": SITE, "changed_by": SITE})


def _text(row: Cells) -> str:
    return f"{row[PLACE]}\n{row[NOTE]}"


def _asking(store: Store, cipher: Cipher, count: int) -> list[Figure]:
    figures = []
    for name, how, ours, theirs in _questions(store, cipher):
        taken, title = turns(ours, theirs, 60), f"{name} {count:,} {how}".strip()
        side = name.startswith("…")
        figures.append(beside(title, *taken, AGAINST) if side else at_least(title, *taken, AGAINST, 2))
    return figures


def _questions(store: Store, cipher: Cipher) -> list[tuple[str, str, Ask, Ask]]:
    """What a list screen asks; each time another page, another word, as people do."""
    days = [f"2026-{1 + n % 10:02}-{1 + n * 7 % 28:02}T12:00:00+00:00" for n in range(1000)]
    words = ["Führersch", "Mahnung", "Praktik", "lern", "Oma", "17: ", "4021", "Werkst", "Lager", "33"]
    ask, theirs = store.projection.db.execute, cipher.db.execute
    turn = {who: cycle(range(1000)) for who in ("list", "their list", "find", "their find")}

    def word(who: str) -> str:
        return words[next(turn[who]) % len(words)].strip(": ")

    def page(run: Run, who: str) -> object:
        return run(LIST, (days[next(turn[who]) % len(days)],)).fetchall()

    def page_and_total(run: Run, who: str) -> object:
        return page(run, who), run(TOTAL, ()).fetchone()

    return [
        (
            "list of 50 of", "with the total above it",
            lambda: page_and_total(ask, "list"), lambda: page_and_total(theirs, "their list"),
        ),
        ("… one more page of", "", lambda: page(ask, "list"), lambda: page(theirs, "their list")),
        ("grouping by topic of", "", lambda: ask(GROUP, ()).fetchall(), lambda: theirs(GROUP, ()).fetchall()),
        (
            "search in", "",
            lambda: _found(store, word("find")), lambda: theirs(FIND, (f'"{word("their find")}"*',)).fetchall(),
        ),
    ]  # fmt: skip


def _found(store: Store, text: str) -> list[Any]:
    """A search as a list of hits needs it."""
    ids = [hit.id for hit in store.search(text)]
    marks = ",".join("?" * len(ids))
    return store.projection.db.execute(
        f"SELECT id, at, place_note, note FROM encounter WHERE id IN ({marks})", ids
    ).fetchall()


def _opening(store: Store, home: Path, count: int) -> list[Figure]:
    entries = store.journal.count("SELECT count(*) FROM entry")
    vault_key = store._vault_key
    plain = sum(len(encode(item.operation)) for item in store.opener.reopen([*range(1, 2001)])) / 2000 * entries
    store.lock()
    (home / FILE).unlink(missing_ok=True)
    start = time.perf_counter()
    store._open_up(vault_key)
    replay = time.perf_counter() - start
    store.search("x")
    store.save_snapshot(least=1)
    store.close()
    again = Store.open(home, clock)
    start = time.perf_counter()
    again.gate.check(SECRET)
    hashing = time.perf_counter() - start
    start = time.perf_counter()
    again._open_up(vault_key)
    unlock = time.perf_counter() - start
    with again.session() as session:
        session.connection().exec_driver_sql("SELECT 1")
    again.close()
    return [
        at_most(f"unlock with {count:,} records, beyond Argon2id", unlock, "s", 0.5, f"Argon2id {hashing:.3f} s"),
        at_most("replay of one entry", replay / entries * 1e6, "µs", 40),
        Figure("plaintext of all operations", plain / 1e6, "MB"),
    ]
