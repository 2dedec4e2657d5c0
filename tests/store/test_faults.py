"""Full disks, read-only directories, failures in the middle: it is there or it is not, and the store stays sane."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from goes_mobile.protocol import clear
from goes_mobile.protocol.problems import CannotWrite, InputRefused
from goes_mobile.store.chains import Chains
from goes_mobile.store.change import Change
from goes_mobile.vault.founding import regrant
from goes_mobile.vault.keyring import OpenedKey
from tests.devices import SITE, County, Device

TEXTS = {
    "long": "ä" * 100_000,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 10,
    "rtl": "مرحبا \u202eשלום\u202c",
    "lines": "eins\r\nzwei\rdrei",
}


@pytest.mark.parametrize("name", TEXTS)
def test_long_and_strange_texts_reach_the_colleague_as_they_are_here(
    county: County, anna: Device, ben: Device, name: str
) -> None:
    note = anna.note(TEXTS[name])
    county.sync()
    assert ben.row(note) == anna.row(note)
    anna.replay()
    assert ben.row(note) == anna.row(note)


def test_nul_and_half_characters_do_no_harm(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("a\x00b\ud800c")
    county.sync()
    assert anna.row(note)["note"] == ben.row(note)["note"] == "abc"
    assert [hit.id for hit in ben.store.search("abc")] == [note]


def full(device: Device) -> Callable[[], None]:
    """The disk is full from here on; the answer makes room again."""
    db = device.store.journal.db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count={pages}")
    return lambda: db.execute("PRAGMA max_page_count=1073741823").fetchone()


def test_a_full_disk_refuses_clearly_and_keeps_what_was_acknowledged(county: County, anna: Device, ben: Device) -> None:
    acknowledged = {"davor"}
    anna.note("davor")
    make_room = full(anna)
    with pytest.raises(CannotWrite) as told:
        fill(anna, acknowledged)
    assert (told.value.code, told.value.exit_code) == ("disk_full", 9)
    assert anna.notes() == acknowledged
    make_room()
    anna.note("danach")
    county.sync()
    assert ben.notes() == anna.notes() == {*acknowledged, "danach"}
    assert ben.held() == {}
    before = anna.tables()
    anna.replay()
    assert anna.tables() == before


def fill(device: Device, acknowledged: set[str]) -> None:
    """Write until it no longer goes; what is acknowledged is taken down."""
    for _ in range(200):
        text = os.urandom(500).hex()
        device.note(text)
        acknowledged.add(text)


def test_a_full_disk_while_receiving_leaves_all_as_it_was(county: County, anna: Device, ben: Device) -> None:
    for _ in range(30):
        anna.note(os.urandom(2000).hex())
    anna.push()
    before, cursor, ledger = ben.tables(), ben.store.cursor(), ben.store.ledger.principals
    make_room = full(ben)
    with pytest.raises(CannotWrite):
        ben.pull()
    assert (ben.tables(), ben.store.cursor(), ben.store.ledger.principals) == (before, cursor, ledger)
    make_room()
    ben.pull()
    assert ben.notes() == anna.notes()
    ben.reopen()  # the keys that were opened in the failed attempt must be on the disk too
    assert ben.notes() == anna.notes()
    ben.replay()
    assert ben.notes() == anna.notes()


def test_a_write_that_fails_before_its_commit_leaves_chain_clock_and_keys_sane(
    county: County, anna: Device, ben: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first note of all: it would have begun the site's stream, with its key."""
    append, calls = Chains.append, []

    def fails(self: Chains, *args: object) -> object:
        calls.append(args)
        made = append(self, *args)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise CannotWrite("disk_full")
        return made

    with monkeypatch.context() as ill:
        ill.setattr(Chains, "append", fails)
        with pytest.raises(CannotWrite):
            anna.note("verloren")
    assert anna.notes() == set()
    anna.note("danach")
    county.sync()
    assert ben.notes() == {"danach"}
    assert ben.held() == {}
    assert [e.header.n for e in anna.own if e.header.stream != anna.store.control] == [1, 2]


def test_control_records_are_appended_together_or_not_at_all(county: County, anna: Device) -> None:
    store = county.admin.store
    before, principals = len(county.admin.entries), store.ledger.principals
    good = clear.Escrow(grants=())
    bad = clear.Revocation(device=store.device, reason="lost", control_position=1)
    with pytest.raises(InputRefused, match="control_not_allowed"):
        store.append_clear([good, bad])
    assert len(county.admin.entries) == before
    assert store.ledger.principals == principals
    assert store.opener.ledger is store.ledger
    store.append_clear([good])
    county.sync()
    assert anna.store.ledger.escrows == store.ledger.escrows


def test_a_key_that_was_to_be_kept_with_refused_records_is_not_kept(county: County, anna: Device) -> None:
    store = county.admin.store
    keys = {owner: {*held} for owner, held in store.keys.groups.items()}
    owner = next(iter(keys))
    wrong = regrant(owner, bytes(16), bytes(32), store.keys.device.public)
    with pytest.raises(InputRefused):
        store.append_clear([wrong], keep=[OpenedKey(owner, bytes(16), True, bytes(32))])
    assert {owner: {*held} for owner, held in store.keys.groups.items()} == keys


def test_two_notes_in_one_plan_about_one_record(anna: Device) -> None:
    record = "01920000-0000-7000-8000-000000000001"
    made = {"site": SITE, "at": "2026-11-23T14:00:00+01:00", "note": "a"}
    anna.store.write([Change("encounter", record, made), Change("encounter", record, {"note": "b", "minutes": 5})])
    assert (anna.row(record)["note"], anna.row(record)["minutes"]) == ("b", 5)
    before = anna.tables()
    anna.replay()
    assert anna.tables() == before
