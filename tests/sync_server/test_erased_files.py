"""After an erasure nothing of it is in any file of the server, nor in a backup once the documented rotation has run."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import psycopg
import pytest

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.blobs import CHUNK, SealedBlob, seal_blob
from goes_mobile.protocol.entry import Entry
from goes_mobile.protocol.streams import StreamRef
from sync_server import backup as backups
from sync_server import blobs, pushing
from sync_server.core import Core
from sync_server.settings import SQLITE_FILE, Settings
from tests.actors import NOW, Actor, Organisation
from tests.killed import Killer
from tests.sync_server.counter import Counter

HANDBOOK = (Path(__file__).resolve().parents[2] / "docs" / "Betrieb.md").read_text("utf-8")
FILE = StreamRef("person", "p")


def documented(beginning: str) -> str:
    """The line of the operators' handbook that begins so."""
    (line,) = set(re.findall(rf"^{re.escape(beginning)}.*$", HANDBOOK, re.MULTILINE))
    return line


class Filled:
    """A young person's file with a note and a document, and the order to erase it, which nobody has released yet."""

    def __init__(self, counter: Counter) -> None:
        team = Organisation.found()
        self.second: Actor = team.enrol("supervisor")
        first, anna = team.enrol("supervisor"), team.enrol("outreach")
        stream = FILE.id(team.id)
        counter.found(team)
        note = [anna.open_stream(FILE), anna.note(stream, "Will ausziehen " * 40)]
        counter.push(anna, note)
        content = seal_blob(os.urandom(2 * CHUNK))
        self._attach(counter, anna, stream, content)
        order = clear.Order(order=bytes(16), action="erase", stream=stream, reason="by_request")
        counter.push(first, [first.certify(order)])
        self.release: Entry = self.second.certify(clear.Release(order=order.order))
        parts = [entry.body for entry in note if entry.body] + [*content.chunks]
        self.marks = [part[at : at + 64] for part in parts for at in range(0, len(part) - 63, 40_000)]

    @staticmethod
    def _attach(counter: Counter, anna: Actor, stream: bytes, content: SealedBlob) -> None:
        chunks = tuple(enumerate(content.chunks))
        put = wire.ChunksPut(stream=stream, blob=content.ref.id, count=content.ref.count, chunks=chunks)
        blobs.put(counter.core, counter.token(anna), put)

    def found_in(self, files: Iterable[Path]) -> list[str]:
        contents = [(file, file.read_bytes()) for file in files if file.is_file()]
        return [file.name for file, content in contents if any(mark in content for mark in self.marks)]


@pytest.mark.processes
def test_a_server_killed_while_it_erases_ends_with_nothing_of_it(tmp_path: Path) -> None:
    before, data = tmp_path / "before", tmp_path / "data"
    before.mkdir()
    with Counter(f"sqlite:///{before / SQLITE_FILE}") as counter:
        filled = Filled(counter)
        token = counter.token(filled.second)
    (tmp_path / "release").write_bytes(filled.release.raw)
    assert filled.found_in(before.iterdir()) == [SQLITE_FILE]
    url = f"sqlite:///{data / SQLITE_FILE}"
    with Killer() as killer:
        for step in itertools.count():
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(before, data)
            died = killer.dies("tests.sync_server.dying:push", step, url, token, str(tmp_path / "release"))
            core = Core(Settings(url), lambda: NOW)  # as it is when it starts again
            try:
                left = filled.found_in(data.iterdir())
                again = pushing.push(core, token, wire.PushRequest(entries=(filled.release.raw,)))[0]
                assert len(wire.read_receipts(again.receipts, core.identity.sign).items) == 1
                assert filled.found_in(data.iterdir()) == [], step
            finally:
                core.database.close()
            assert left in ([], [SQLITE_FILE]), step
            if not died:
                break
    assert step >= 4


def test_the_documented_vacuum_leaves_nothing_in_the_tables_of_postgresql(postgres_url: str) -> None:
    with Counter(postgres_url) as counter:
        filled = Filled(counter)
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:

            def tables() -> list[Path]:
                """The files of this database, as they are on the disk now."""
                connection.execute("CHECKPOINT")
                (place,) = connection.execute("SHOW data_directory").fetchone() or ()
                (oid,) = (
                    connection.execute("SELECT oid FROM pg_database WHERE datname=current_database()").fetchone() or ()
                )
                return [*(Path(str(place)) / "base" / str(oid)).iterdir()]

            assert filled.found_in(tables())
            counter.push(filled.second, [filled.release])
            command = re.findall(r"-c '([^']*)'", documented("psql "))
            assert command
            for _ in range(50):  # rows that another connection can still see stay until it has ended
                for statement in command:
                    connection.execute(statement)
                if not filled.found_in(tables()):
                    break
            assert filled.found_in(tables()) == []


def test_after_the_documented_rotation_no_backup_has_it(counter: Counter, tmp_path: Path) -> None:
    filled, place = Filled(counter), tmp_path / "sicherung"
    place.mkdir()
    old, new = place / "goes-2027-01-01.sqlite3", place / "goes-2027-02-02.sqlite3"
    backups.backup(counter.core.database, old)
    counter.push(filled.second, [filled.release])
    backups.backup(counter.core.database, new)
    assert filled.found_in(place.iterdir()) == [old.name]
    month_ago = new.stat().st_mtime - 32 * 86_400
    os.utime(old, (month_ago, month_ago))
    subprocess.run(documented("find ").replace("/sicherung", str(place)), shell=True, check=True)
    assert [file.name for file in place.iterdir()] == [new.name]
    assert filled.found_in(place.iterdir()) == []
