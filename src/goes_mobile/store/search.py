"""Full-text search over the projection, caught up at idle or at the next search, so that a save need not wait for it.

FTS5 without content: words only, no second copy of the texts. A changed record gets a new row and the old one is
left without a document. Where SQLite lacks FTS5 (some phones) texts are scanned instead.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session

from goes_mobile.protocol.ids import to_bytes, to_text
from goes_mobile.records import registry
from goes_mobile.records.values import searchable_text
from goes_mobile.store.model import Hit

_DOCUMENT = """
CREATE TABLE IF NOT EXISTS document (row INTEGER PRIMARY KEY, kind TEXT NOT NULL, record BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS unindexed (record BLOB PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;
"""
_FTS5 = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')"
)
_PLAIN = "CREATE TABLE IF NOT EXISTS words (rowid INTEGER PRIMARY KEY, text TEXT NOT NULL)"
_TERMS = "CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5vocab(words, instance)"
_NEXT = "SELECT term FROM terms WHERE term >= ? AND term < ? LIMIT 1"
_WORD = re.compile(r"\w+", re.UNICODE)
_FEW = 12


def scanned(text: str) -> str:
    """A text as it is scanned where there is no index: its words as an index would have them, a space before each."""
    return "".join(f" {word}" for word in _WORD.findall(fold(text)))


def fold(word: str) -> str:
    """A word as the index has it: lower case, without marks."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


class Search:
    """The index of one projection; lives in its database and goes with it."""

    def __init__(self, db: sqlite3.Connection, session: Session) -> None:
        self.db = db
        self._session = session
        self._noted: dict[bytes, str] = {}
        db.executescript(_DOCUMENT)
        try:
            db.execute(_FTS5)
            db.execute(_TERMS)
        except sqlite3.OperationalError:
            db.execute(_PLAIN)
        row = db.execute("SELECT sql FROM sqlite_master WHERE name='words'").fetchone()
        self.fts = "fts5" in row[0]

    def note(self, kind: str, records: Iterable[str]) -> None:
        """These records changed; they are indexed later, at the latest by the next search."""
        if registry.known(kind) and registry.kind(kind).searched:
            self._noted.update(dict.fromkeys(map(to_bytes, records), kind))

    def write_down(self) -> None:
        """What still has to be indexed goes into the database, and so into a picture of it."""
        if self._noted:
            self.db.execute("BEGIN")
            self.db.executemany("INSERT OR IGNORE INTO unindexed VALUES (?,?)", self._noted.items())
            self.db.execute("COMMIT")
            self._noted.clear()

    @property
    def behind(self) -> int:
        """How many records still have to be indexed."""
        self.write_down()
        return int(self.db.execute("SELECT count(*) FROM unindexed").fetchone()[0])

    def catch_up(self, most: int = 1_000_000) -> int:
        """Index up to ``most`` changed records; returns how many. Called in small steps at idle."""
        self.write_down()
        todo = self.db.execute("SELECT record, kind FROM unindexed LIMIT ?", (most,)).fetchall()
        kinds: dict[str, list[bytes]] = {}
        for record, kind in todo:
            kinds.setdefault(kind, []).append(record)
        for kind, records in kinds.items():
            for start in range(0, len(records), 500):
                self._index(kind, records[start : start + 500])
        return len(todo)

    def _index(self, kind: str, records: list[bytes]) -> None:
        cls = registry.kind(kind).cls
        columns = [cls.__table__.c[name] for name in ("id", "deleted", *(f.name for f in registry.kind(kind).searched))]  # type: ignore[attr-defined]
        ids = [to_text(record) for record in records]
        found = self._session.execute(select(*columns).where(columns[0].in_(ids))).mappings().all()
        self._session.rollback()
        marks = ",".join("?" * len(records))
        self.db.execute("BEGIN")
        self.db.execute(f"DELETE FROM document WHERE record IN ({marks})", records)
        for row in found:
            text = "" if row["deleted"] else searchable_text(kind, dict(row))
            if text:
                cursor = self.db.execute("INSERT INTO words (text) VALUES (?)", (text if self.fts else scanned(text),))
                self.db.execute(
                    "INSERT OR REPLACE INTO document VALUES (?,?,?)", (cursor.lastrowid, kind, to_bytes(row["id"]))
                )
        self.db.execute(f"DELETE FROM unindexed WHERE record IN ({marks})", records)
        self.db.execute("COMMIT")

    def _beginnings(self, word: str) -> str:
        """A beginning as the few whole words it stands for: five times as fast, because FTS5 then need not merge all
        places of all words with that beginning before it knows the newest. With many words it merges."""
        found: list[str] = []
        after, open_end = word, word + "\U0010ffff"
        while len(found) < _FEW:
            row = self.db.execute(_NEXT, (after, open_end)).fetchone()
            if row is None:
                break
            found.append(row[0])
            after = row[0] + "\x01"  # not ``term > ?``: that would walk through all places of the last word
        if len(found) == _FEW:
            return f'"{word}"*'
        return "(" + " OR ".join(f'"{term}"' for term in found or [word]) + ")"

    def find(self, text: str, kinds: Iterable[str] | None = None, limit: int = 50) -> list[Hit]:
        """Records that contain all the words (each as a beginning), newest first."""
        self.catch_up()
        words = _WORD.findall(text.lower())
        if not words:
            return []
        if self.fts:
            where, values = "words MATCH ?", [" AND ".join(self._beginnings(fold(word)) for word in words)]
        else:
            where, values = " AND ".join(["instr(text, ?)"] * len(words)), [f" {fold(word)}" for word in words]
        wanted = sorted(kinds) if kinds is not None else None
        limit_kinds = f" AND kind IN ({','.join('?' * len(wanted))})" if wanted is not None else ""
        sql = (
            f"SELECT kind, record FROM words JOIN document ON document.row = words.rowid WHERE {where}{limit_kinds}"
            " ORDER BY words.rowid DESC LIMIT ?"
        )
        return [Hit(kind, to_text(record)) for kind, record in self.db.execute(sql, [*values, *(wanted or []), limit])]
