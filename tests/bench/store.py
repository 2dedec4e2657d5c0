"""The store against SQLCipher: the same records, the same questions, in turns, in one run."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from goes_mobile.protocol.operation import encode
from goes_mobile.records.tables import replace_sql
from goes_mobile.store.snapshot import FILE
from goes_mobile.store.store import Store
from tests.bench.profiles import SECRET, clock, encounter, filled, found
from tests.bench.rows import Figure, at_least, at_most, each, turns

Ask = Callable[[], object]
Run = Callable[..., Any]
COUNT = 50_000
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
        return [*_saving(folder), *_asking(folder, count)]
    finally:
        shutil.rmtree(folder)


def _saving(folder: Path) -> list[Figure]:
    store, dice = found(folder / "save"), random.Random(3)
    store.write([encounter(dice, 0)])
    cipher = Cipher(folder / "save.cipher", store)
    store.idle()
    names = [column[1] for column in store.projection.db.execute("PRAGMA table_info(encounter)")]
    like = dict(zip(names, store.projection.db.execute(LIST, ("9",)).fetchone(), strict=True))
    changes = iter([encounter(dice, number) for number in range(2000)])

    def ours() -> None:
        store.write([next(changes)])

    def theirs() -> None:
        change = next(changes)
        row = like | {"id": change.id, "note": change.set["note"]}
        cipher.save([tuple(row.values())], [f"{row['place_note']}\n{row['note']}"])

    first, second = turns(ours, theirs, 400)
    figures = [at_least("durable save of one encounter", first, second, f"{AGAINST} with its text index", 2)]

    def at_once() -> None:
        ours()
        store.idle()

    indexed = each(at_once, 200)
    figures.append(Figure("… with our text index at once", indexed * 1000, "ms", AGAINST, second / indexed))
    store.close()
    return figures


def _asking(folder: Path, count: int) -> list[Figure]:
    store = filled(folder / "ask", count)
    store.search("Führerschein")
    cipher = Cipher(folder / "ask.cipher", store)
    rows = store.projection.db.execute("SELECT * FROM encounter").fetchall()
    names = [column[1] for column in store.projection.db.execute("PRAGMA table_info(encounter)")]
    note, place = names.index("note"), names.index("place_note")
    for start in range(0, len(rows), 1000):
        part = rows[start : start + 1000]
        cipher.save(part, [f"{row[place]}\n{row[note]}" for row in part])
    figures = []
    for name, how, ours, theirs in _questions(store, cipher):
        taken = turns(ours, theirs, 60)
        figure = at_least(f"{name} {count:,} {how}".strip(), *taken, AGAINST, 2)
        figures.append(replace(figure, goal="", met=None) if name.startswith("…") else figure)
    return [*figures, *_opening(store, folder / "ask", count)]


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
    again.check_secret(SECRET)
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
