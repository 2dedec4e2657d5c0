"""Live, replayed, from a snapshot and its tail: the same tables, to the last cell."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from goes_mobile.store import snapshot
from goes_mobile.vault.boxes import Box
from tests.devices import SECRET, SITE, County, Device


def busy(county: County, anna: Device, ben: Device, seed: int) -> None:
    """An hour in which much happens."""
    dice = Random(seed)
    notes: list[str] = []
    people = [anna.person("Kranich"), ben.person("Reiher")]
    for _ in range(25):
        device = dice.choice([anna, ben])
        match dice.randrange(8):
            case 0 | 1 | 2:
                notes.append(device.note(str(dice.random()), topics=dice.sample(["training", "housing", "debts"], 2)))
            case 3 if mine := [n for n in notes if device.row(n)]:
                device.edit(dice.choice(mine), note=str(dice.random()), minutes=dice.randrange(60))
            case 4 if mine := [n for n in notes if device.row(n)]:
                device.edit(
                    dice.choice(mine),
                    people=dice.choice([[], [p for p in people if device.row(p, "young_person")][:1]]),
                )
            case 5 if mine := [n for n in notes if device.row(n) and not device.row(n)["deleted"]]:
                device.delete(dice.choice(mine))
            case 6:
                device.write("task", site=SITE, title=str(dice.random()))
            case _:
                device.sync()


@pytest.mark.parametrize("seed", range(4))
def test_live_replay_and_snapshot_with_tail_are_the_same(county: County, anna: Device, ben: Device, seed: int) -> None:
    busy(county, anna, ben, seed)
    anna.store.save_snapshot(least=0)
    busy(county, anna, ben, seed + 100)
    county.sync()
    live = anna.tables()
    anna.reopen()
    assert anna.tables() == live
    anna.replay()
    assert anna.tables() == live
    for kind in ("encounter", "task", "young_person"):
        assert anna.tables()[kind] == ben.tables()[kind]


def test_what_was_held_when_the_snapshot_was_made_is_there_after_a_restart(county: County, anna: Device) -> None:
    note = anna.note("Vor deiner Zeit")
    anna.push()
    ben = county.enrol("outreach")
    ben.pull()
    assert ben.held() == {"no_key": 1}
    assert ben.store.save_snapshot(least=0)
    anna.pull()
    anna.store.complete_newcomers()
    anna.push()
    ben.pull()
    ben.reopen()
    assert ben.row(note) == anna.row(note)


@pytest.mark.parametrize("moment", ["file not yet renamed", "journal not yet told", "rename lost"])
def test_a_power_cut_while_a_snapshot_is_written(county: County, anna: Device, tmp_path: Path, moment: str) -> None:
    """What was held below the first snapshot's reach counts only since: no old picture may come back without it."""
    anna.note("Vor deiner Zeit")
    anna.push()
    ben = county.enrol("outreach")
    ben.pull()
    ben.store.save_snapshot(least=0)
    shutil.copy(ben.home / "snapshot.bin", tmp_path / "old.bin")
    anna.pull()
    anna.store.complete_newcomers()
    anna.push()
    ben.pull()
    before = ben.tables()
    if moment == "file not yet renamed":
        (ben.home / "snapshot.bin.new").write_bytes(b"half a snapshot")
    elif moment == "journal not yet told":
        remembered = ben.store.journal.get("snapshot", b"")
        image = ben.store.projection.db.serialize()
        seq = ben.store.journal.count("SELECT max(seq) FROM entry")
        mark = snapshot.Mark(seq, ben.store.journal.hash_of(seq), remembered)
        snapshot.write(ben.home, memoryview(image), mark, ben.store.box)
    else:
        ben.store.save_snapshot(least=0)
        shutil.copy(tmp_path / "old.bin", ben.home / "snapshot.bin")
    ben.reopen()
    assert ben.tables() == before


def test_a_snapshot_beside_an_older_journal_is_not_believed(county: County, anna: Device) -> None:
    anna.note("gesichert")
    anna.close()
    shutil.copy(anna.home / "journal.db", county.home / "old.db")
    anna.open()
    anna.store.unlock(SECRET)
    anna.note("verloren mit dem Journal")
    anna.store.save_snapshot(least=0)
    anna.close()
    shutil.copy(county.home / "old.db", anna.home / "journal.db")
    for name in ("journal.db-wal", "journal.db-shm"):
        (anna.home / name).unlink(missing_ok=True)
    anna.open()
    anna.store.unlock(SECRET)
    assert anna.notes() == {"gesichert"}
    anna.note("ein anderer Eintrag an derselben Stelle")
    anna.reopen()
    assert anna.notes() == {"gesichert", "ein anderer Eintrag an derselben Stelle"}


def test_a_snapshot_of_other_tables_is_passed_over(
    county: County, anna: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.note("da")
    anna.store.save_snapshot(least=0)
    monkeypatch.setattr(snapshot, "shape", lambda: b"another version ")
    anna.reopen()
    assert anna.notes() == {"da"}


def test_nothing_is_written_while_the_tail_is_short(anna: Device) -> None:
    anna.note()
    assert not anna.store.save_snapshot()
    anna.store.lock()
    assert not (anna.home / "snapshot.bin").exists()


def test_search_finds_the_same_after_a_restart(county: County, anna: Device) -> None:
    note = anna.note("Lebenslauf mitgebracht")
    anna.store.search("x")
    anna.store.save_snapshot(least=0)
    later = anna.note("noch ein Lebenslauf")
    anna.reopen()
    assert {hit.id for hit in anna.store.search("lebenslauf")} == {note, later}


def test_every_flipped_bit_of_a_snapshot_is_refused(tmp_path: Path) -> None:
    """Exhaustively for a small one; a single bit makes nothing at all of a length that is a power of two."""
    box, mark = Box(bytes(32)), snapshot.Mark(7, b"h" * 32, b"")
    name = snapshot.write(tmp_path, memoryview(bytes(64)), mark, box)
    file = tmp_path / snapshot.FILE
    sealed = file.read_bytes()

    def read() -> object:
        return snapshot.read(tmp_path, box, name, lambda seq: b"h" * 32)

    assert read() == (bytes(64), 7)
    for index in range(len(sealed)):
        for bit in range(8):
            file.write_bytes(sealed[:index] + bytes([sealed[index] ^ (1 << bit)]) + sealed[index + 1 :])
            assert read() is None
