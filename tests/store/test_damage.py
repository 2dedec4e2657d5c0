"""Flipped bits on the disk: that entry is held or fetched again, the rest stays readable, and work goes on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.problems import Damaged, GoesError
from goes_mobile.store import snapshot
from goes_mobile.store.store import Store
from goes_mobile.vault.lock import LockRecord
from tests.devices import MONDAY, SECRET, County, Device

Change = Callable[[bytes], bytes]


def flip(data: bytes, at: int = -100) -> bytes:
    """One bit somewhere in the middle of things."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


def spoil(device: Device, sql: str, *values: object) -> None:
    """Change what lies on the disk behind the store's back, while it is closed."""
    device.close()
    with sqlite3.connect(device.home / "journal.db") as db:
        assert db.execute(sql, values).rowcount == 1
    db.close()


def spoil_entry(device: Device, seq: int, change: Change = flip, column: str = "raw") -> None:
    value = device.store.journal.db.execute(f"SELECT {column} FROM entry WHERE seq=?", (seq,)).fetchone()[0]
    spoil(device, f"UPDATE entry SET {column}=? WHERE seq=?", change(value), seq)


def again(device: Device) -> None:
    (device.home / "snapshot.bin").unlink(missing_ok=True)
    device.open()
    device.store.unlock(SECRET)


def seq_of(device: Device, kind: str, record: str) -> int:
    return device.store._newest(kind, record)


def test_a_damaged_entry_of_a_colleague_is_held_and_fetched_again(county: County, anna: Device, ben: Device) -> None:
    notes = [anna.note(str(n)) for n in range(4)]
    county.sync()
    before = ben.tables()["encounter"]
    spoil_entry(ben, seq_of(ben, "encounter", notes[1]))
    again(ben)
    assert ben.notes() == {"0", "2", "3"}
    assert ben.held() == {"damaged": 1}
    assert "damaged_entry" in ben.findings()
    assert len(ben.store.missing()) == 1
    ben.pull()
    assert ben.held() == {}
    assert ben.tables()["encounter"] == before
    assert ben.store.missing() == []
    ben.reopen()
    assert ben.tables()["encounter"] == before


def test_a_damaged_entry_of_our_own_that_the_server_has_is_fetched_again(
    county: County, anna: Device, ben: Device
) -> None:
    note = anna.note("erst")
    county.sync()
    spoil_entry(anna, seq_of(anna, "encounter", note))
    again(anna)
    assert anna.row(note) is None
    anna.pull()
    assert anna.row(note)["note"] == "erst"
    anna.note("danach")
    county.sync()
    assert ben.notes() == anna.notes() == {"erst", "danach"}


def test_a_damaged_waiting_entry_is_lost_alone_and_a_new_chain_goes_on(
    county: County, anna: Device, ben: Device
) -> None:
    notes = [anna.note(str(n)) for n in range(4)]
    last_good = anna.store.journal.hash_of(seq_of(anna, "encounter", notes[0]))
    operations = {item.op for note in (notes[2], notes[3]) for item in anna.store.history("encounter", note)}
    spoil_entry(anna, seq_of(anna, "encounter", notes[1]))
    again(anna)
    assert anna.notes() == {"0", "2", "3"}
    assert anna.held() == {"damaged": 1}
    anna.note("danach")
    county.sync()
    assert ben.notes() == {"0", "2", "3", "danach"}
    assert ben.held() == {}
    assert {item.op for note in (notes[2], notes[3]) for item in ben.store.history("encounter", note)} == operations
    succeeding = [e.header.succeeds for e in ben.entries if e.header.succeeds]
    assert succeeding == [(last_good, "damage")]
    anna.replay()
    assert anna.notes() == ben.notes()


def test_damage_that_shows_itself_only_when_sending_does_not_jam_the_outbox(
    county: County, anna: Device, ben: Device
) -> None:
    notes = [anna.note(str(n)) for n in range(3)]
    seq = seq_of(anna, "encounter", notes[1])
    anna.store.journal.db.execute(
        "UPDATE entry SET raw=? WHERE seq=?", (flip(anna.store.journal.by_seq([seq])[seq].raw), seq)
    )
    anna.push()
    assert anna.store.counts().waiting == 0
    ben.pull()
    assert ben.notes() == {"0", "2"}
    assert ben.held() == {}


def test_damage_that_shows_itself_while_locked_is_mended_at_unlock(county: County, anna: Device, ben: Device) -> None:
    notes = [anna.note(str(n)) for n in range(3)]
    spoil_entry(anna, seq_of(anna, "encounter", notes[1]))
    anna.open()
    anna.push()
    ben.pull()
    assert ben.notes() == {"0"}
    anna.store.unlock(SECRET)
    anna.push()
    ben.pull()
    assert ben.notes() == {"0", "2"}


@pytest.mark.parametrize("column", ["hash", "stream", "device", "run"])
def test_columns_that_were_damaged_beside_good_bytes_are_set_right(
    county: County, anna: Device, ben: Device, column: str
) -> None:
    notes = [anna.note(str(n)) for n in range(3)]
    spoil_entry(anna, seq_of(anna, "encounter", notes[1]), lambda value: flip(value, 3), column)
    again(anna)
    assert anna.notes() == {"0", "1", "2"}
    county.sync()
    assert ben.notes() == {"0", "1", "2"}
    assert ben.held() == {}


def test_a_damaged_certificate_is_held_and_fetched_again(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("erst")
    county.sync()
    cert = next(
        seq for seq, raw in ben.store.journal.db.execute("SELECT seq, raw FROM entry ORDER BY seq").fetchall()
        if decode(raw).body and anna.store.keys.device.public.sign in (decode(raw).body or b"")
    )  # fmt: skip
    spoil_entry(ben, cert)
    ben.open()
    assert ben.held() == {"damaged": 1}
    assert anna.store.device not in ben.store.ledger.principals
    ben.store.unlock(SECRET)
    ben.pull()
    assert ben.store.ledger.principals == county.admin.store.ledger.principals
    assert ben.row(note)["note"] == "erst"
    assert ben.held() == {}


def test_a_damaged_opened_key_is_opened_again_from_its_grant(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("erst")
    county.sync()
    for is_group in (0, 1):
        owner, epoch, sealed = ben.store.journal.db.execute(
            "SELECT owner, epoch, sealed FROM opened_key WHERE is_group=?", (is_group,)
        ).fetchone()
        spoil(ben, "UPDATE opened_key SET sealed=? WHERE owner=? AND epoch=?", flip(sealed, 20), owner, epoch)
        again(ben)
        assert ben.row(note)["note"] == "erst"
        assert ben.held() == {}


def test_every_flipped_bit_of_one_entry_on_the_disk(county: County, anna: Device, ben: Device) -> None:
    """Held, or harmless (a signature that a hash covers): never a crash, never another content; the rest is shown."""
    note, other = anna.note("das Original"), anna.note("der Nachbar")
    county.sync()
    store = ben.store
    seq = seq_of(ben, "encounter", note)
    raw = store.journal.by_seq([seq])[seq].raw
    outcomes = set()
    for index in range(len(raw)):
        for bit in range(0, 8, 3):
            store.journal.db.execute(
                "UPDATE entry SET raw=?, held=NULL WHERE seq=?",
                (raw[:index] + bytes([raw[index] ^ (1 << bit)]) + raw[index + 1 :], seq),
            )
            opened, held = store.opener.open_all(store.journal.by_seq([seq, seq_of(ben, "encounter", other)]).values())
            shown = {item.operation.set["note"] for item in opened}
            assert shown - {"das Original"} == {"der Nachbar"}
            assert ("das Original" in shown) or [item.reason for item in held] == ["damaged"]
            outcomes.add("das Original" in shown)
    assert outcomes == {True, False}
    store.journal.db.execute("UPDATE entry SET raw=? WHERE seq=?", (raw, seq))


def test_every_flipped_bit_of_a_snapshot_is_refused_and_the_journal_has_everything(
    county: County, anna: Device
) -> None:
    anna.note("im Bild")
    assert anna.store.save_snapshot(least=0)
    file = anna.home / "snapshot.bin"
    whole = file.read_bytes()
    dice = Random(1)
    places = [*range(300), *dice.sample(range(300, len(whole)), 60)]
    before = anna.tables()
    asked = (anna.home, anna.store.box, anna.store.journal.get("snapshot"), anna.store.journal.hash_of)
    assert snapshot.read(*asked) is not None
    for place in places:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])
        assert snapshot.read(*asked) is None
    for length in (0, 3, 4, 50, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert snapshot.read(*asked) is None
    anna.reopen()
    assert anna.tables() == before


@pytest.mark.parametrize("key", ["lock", "identity", "device_seed"])
def test_damage_to_what_nothing_goes_without_is_told_as_such(anna: Device, key: str) -> None:
    value = anna.store.journal.db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()[0]
    spoil(anna, "UPDATE meta SET value=? WHERE key=?", flip(value, len(value) // 2), key)
    with pytest.raises(Damaged) as told:
        again(anna)
    assert told.value.exit_code == 7
    spoil(anna, "UPDATE meta SET value=? WHERE key=?", value, key)
    again(anna)
    assert not anna.store.locked


@pytest.mark.parametrize("key", ["cursor", "attempts", "clock_offset", "last_contact", "snapshot", "setting:x"])
def test_damage_to_small_things_is_forgotten(county: County, anna: Device, key: str) -> None:
    note = anna.note("erst")
    county.sync()
    anna.store.learn_time(county.now_ms, 0)
    anna.store.settings.set("x", "y")
    anna.store.save_snapshot(least=0)
    anna.reopen()
    value = anna.store.journal.db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()[0]
    spoil(anna, "UPDATE meta SET value=? WHERE key=?", flip(value, 0), key)
    anna.open()
    anna.store.unlock(SECRET)
    assert anna.row(note)["note"] == "erst"
    county.sync()


def test_a_damaged_draft_or_setting_is_gone_and_nothing_else(anna: Device) -> None:
    drafts = anna.store.drafts
    drafts.save("a", {"note": "x"})
    drafts.save("b", {"note": "y"})
    anna.store.set_personal("theme", "dark")
    anna.store.journal.db.execute("UPDATE draft SET sealed=x'00' WHERE key='a'")
    anna.store.journal.put("personal:theme", b"rubbish")
    assert drafts.load("a") is None
    assert drafts.load("b") == {"note": "y"}
    assert anna.store.personal("theme", "light") == "light"


def test_flipped_bits_anywhere_in_the_file_are_told_or_harmless(
    county: County, anna: Device, ben: Device, tmp_path: Path
) -> None:
    """B-tree pages, indexes, headers: 150 flips over the whole file. An error of ours with a code, or all that is shown
    is true; and where the profile opens at all, new work is kept."""
    for n in range(6):
        anna.note(f"Notiz {n}")
    county.sync()
    true = {f"Notiz {n}" for n in range(6)} | {"danach"}
    ben.close()
    whole = (ben.home / "journal.db").read_bytes()
    dice, opened = Random(5), 0
    for turn in range(150):
        home = tmp_path / f"flip-{turn}"
        home.mkdir()
        place = dice.randrange(len(whole))
        (home / "journal.db").write_bytes(whole[:place] + bytes([whole[place] ^ (1 << turn % 8)]) + whole[place + 1 :])
        opened += told_or_true(county, home, true)
        shutil.rmtree(home)
    assert opened > 100
    ben.open()


def told_or_true(county: County, home: Path, true: set[str]) -> bool:
    """Whether the profile opens and works. If not, it says so with one of these codes and no other."""
    codes = {"journal_damaged", "no_profile", "lock_damaged", "box_damaged"}
    codes.add("role_may_not_write")  # our own certificate was hit: until it is fetched again we may only read
    device = None
    code = ""
    try:
        device = Device(county, home, Store.open(home, lambda: MONDAY + 10**6), b"")
        device.store.unlock(SECRET)
        device.note("danach")
        assert device.notes() <= true
        assert "danach" in device.notes()
    except GoesError as told:
        code = told.code
    if device is not None:
        device.close()
    assert code in codes | {""}
    return not code


def test_a_profile_that_is_no_database_is_told_as_damage(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(Damaged) as told:
        Store.open(tmp_path, lambda: 0)
    assert told.value.code == "journal_damaged"


def test_a_lock_record_that_was_made_cheap_is_refused(anna: Device) -> None:
    data = anna.store.journal.get("lock")
    record = LockRecord.load(data)
    cheap = LockRecord(record.kind, record.salt, type(record.cost)(8, 1, 1), False, record.sealed)
    anna.store.journal.put("lock", cheap.dump())
    anna.store.lock()
    with pytest.raises(Damaged, match="lock_weakened"):
        anna.store.unlock(SECRET)
    anna.store.journal.put("lock", data)
    anna.store.unlock(SECRET)
