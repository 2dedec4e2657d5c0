"""Refused, forked, missing, restored: a new chain goes on with the same operations; nothing jams, nothing doubles."""

from __future__ import annotations

import shutil

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import decode
from goes_mobile.store.store import Store
from tests.devices import SECRET, County, Device


def operations(device: Device, *notes: str) -> set[bytes]:
    return {item.op for note in notes for item in device.store.history("encounter", note)}


def test_what_the_server_refuses_is_sealed_again_in_a_new_chain_with_the_same_operations(
    county: County, anna: Device, ben: Device
) -> None:
    notes = [anna.note(str(n)) for n in range(4)]
    before = operations(anna, *notes)
    waiting = anna.store.waiting()
    bad = next(w for w in waiting if decode(w.raw).header.n == 3)
    last_good = next(w for w in waiting if decode(w.raw).header.n == 2)
    anna.store.refused(bad.hash, "signature")
    assert anna.notes() == {"0", "1", "2", "3"}
    assert anna.store.counts().held == 0
    anna.edit(notes[3], minutes=5)
    assert anna.row(notes[3])["note"] == "3"  # the operation that moved is still merged
    county.sync()
    assert ben.notes() == anna.notes()
    assert ben.row(notes[3]) == anna.row(notes[3])
    assert before <= operations(ben, *notes)
    assert [e.header.succeeds for e in ben.entries if e.header.succeeds] == [(last_good.hash, "signature")]
    before_replay = anna.tables()["encounter"]
    anna.replay()
    assert anna.tables()["encounter"] == before_replay


def test_a_refusal_for_each_entry_of_a_part_seals_each_again_once(county: County, anna: Device, ben: Device) -> None:
    for n in range(5):
        anna.note(str(n))
    waiting = anna.store.waiting()
    for sent in waiting[1:]:
        anna.store.refused(sent.hash, "fork")
    assert len(anna.entries) == len({e.hash for e in anna.entries})
    assert len(anna.store.waiting()) == len(waiting)
    county.sync()
    assert ben.notes() == {str(n) for n in range(5)}
    assert ben.held() == {}


def test_an_entry_that_is_too_large_for_the_server_is_put_aside_and_the_rest_goes_on(
    county: County, anna: Device, ben: Device
) -> None:
    notes = [anna.note(str(n)) for n in range(3)]
    seqs = {note: anna.store._newest("encounter", note) for note in notes}
    big = next(w for w in anna.store.waiting() if w.seq == seqs[notes[1]])
    anna.store.refused(big.hash, "size")
    county.sync()
    assert ben.notes() == {"0", "2"}
    assert ben.held() == {}
    assert anna.held() == {"refused_size": 1}
    assert "entry_refused" in anna.findings()


def test_a_refusal_while_locked_is_answered_at_unlock(county: County, anna: Device, ben: Device) -> None:
    for n in range(3):
        anna.note(str(n))
    anna.close()
    anna.open()
    anna.store.refused(anna.store.waiting()[1].hash, "signature")
    anna.push()
    anna.store.unlock(SECRET)
    county.sync()
    assert ben.notes() == anna.notes() == {"0", "1", "2"}


def test_what_is_not_ours_or_not_here_is_not_sealed_again(county: County, anna: Device, ben: Device) -> None:
    anna.note()
    county.sync()
    foreign = next(e for e in ben.entries if e.header.device == anna.store.device and e.suite == 1)
    before = len(ben.entries)
    ben.store.refused(foreign.hash, "signature")
    ben.store.refused(bytes(32), "signature")
    assert len(ben.entries) == before


def test_an_entry_that_seemed_refused_and_is_there_after_all_is_counted_once(
    county: County, anna: Device, ben: Device
) -> None:
    note = anna.note("einmal")
    sent = anna.store.waiting()
    receipts = county.relay.receipts(anna.store.organisation, [w.raw for w in sent])
    anna.store.refused(sent[-1].hash, "signature")
    anna.store.confirm(*receipts)
    county.sync()
    for device in (anna, ben):
        assert device.row(note)["note"] == "einmal"
        assert device.store.registers("encounter", note).conflicts() == []
    assert anna.row(note) == ben.row(note)
    before = anna.tables()["encounter"]
    anna.replay()
    assert anna.tables()["encounter"] == before


def test_what_the_server_lacks_waits_again(county: County, anna: Device, ben: Device) -> None:
    for n in range(3):
        anna.note(str(n))
    anna.push()
    first = next(e for e in anna.own if e.suite == 1)
    header = first.header
    anna.store.gap(
        wire.Gap(stream=header.stream, device=header.device, run=header.run, n=header.n, hash=header.previous)
    )
    assert {decode(w.raw).header.n for w in anna.store.waiting()} == {2, 3, 4}


def test_a_gap_that_cannot_be_filled_ends_the_chain_instead_of_jamming_it(
    county: County, anna: Device, ben: Device
) -> None:
    notes = [anna.note(str(n)) for n in range(3)]
    seq = anna.store._newest("encounter", notes[0])
    anna.store.journal.db.execute("UPDATE entry SET held='damaged' WHERE seq=?", (seq,))
    anna.store.journal.db.execute("DELETE FROM outbox WHERE seq=?", (seq,))
    lost = next(e for e in anna.own if e.hash == anna.store.journal.hash_of(seq))
    header = lost.header
    anna.store.gap(
        wire.Gap(stream=header.stream, device=header.device, run=header.run, n=header.n, hash=header.previous)
    )
    county.sync()
    assert ben.notes() == {"1", "2"}
    assert ben.held() == {}


def test_a_profile_restored_from_an_older_copy_loses_nothing_that_the_server_has(
    county: County, anna: Device, ben: Device
) -> None:
    anna.note("vor der Sicherung")
    anna.close()
    backup = county.home / "backup"
    shutil.copytree(anna.home, backup)
    anna.open()
    anna.store.unlock(SECRET)
    anna.note("nach der Sicherung")
    county.sync()
    anna.close()
    shutil.rmtree(anna.home)
    shutil.copytree(backup, anna.home)
    anna.open()
    anna.store.unlock(SECRET)
    anna.note("vor dem Abgleich")  # forks the chain: this copy does not know that it went on
    [fork] = [w for w in anna.store.waiting() if w.hash not in county.relay.places and decode(w.raw).suite == 1]
    anna.store.refused(fork.hash, "fork")
    county.sync()
    everything = {"vor der Sicherung", "nach der Sicherung", "vor dem Abgleich"}
    assert anna.notes() == ben.notes() == everything
    assert anna.held() == ben.held() == {}
    anna.note("danach")
    county.sync()
    assert ben.notes() == {*everything, "danach"}


def test_a_restored_profile_that_reads_first_goes_on_where_it_was(county: County, anna: Device, ben: Device) -> None:
    anna.note("vor der Sicherung")
    anna.close()
    backup = county.home / "backup"
    shutil.copytree(anna.home, backup)
    anna.open()
    anna.store.unlock(SECRET)
    anna.note("nach der Sicherung")
    county.sync()
    anna.close()
    shutil.rmtree(anna.home)
    shutil.copytree(backup, anna.home)
    anna.open()
    anna.store.unlock(SECRET)
    anna.pull()
    anna.note("danach")
    county.sync()
    assert ben.notes() == anna.notes() == {"vor der Sicherung", "nach der Sicherung", "danach"}
    assert ben.held() == {}


def test_after_a_restored_server_what_it_lacks_is_sent_again_own_and_others(
    county: County, anna: Device, ben: Device
) -> None:
    anna.note("0")
    county.sync()
    number = len(county.relay.kept)
    anna.note("1")
    ben.note("2")
    county.sync()
    county.relay.rewind(number)
    anna.close()  # her tablet is lost: what she wrote is only with Ben
    county.devices.remove(anna)
    heads = [county.relay.head(stream) for stream in county.relay.heads]
    for device in (ben, county.admin):
        device.store.feed_restarted(wire.Cursor(), heads)
    assert (ben.store.counts().waiting, ben.store.counts().carried) == (1, 1)
    cem = county.enrol("outreach")
    county.sync()
    assert ben.notes() == {"0", "1", "2"}
    county.sync()
    assert cem.notes() == ben.notes()
    assert ben.store.missing() == []


def test_receipts_beyond_the_head_of_a_restored_server_fall_back_to_waiting(county: County, anna: Device) -> None:
    note = anna.note()
    number = len(county.relay.kept)
    anna.push()
    assert anna.store.delivery("encounter", note).state == "server"
    county.relay.rewind(number)
    anna.store.feed_restarted(wire.Cursor(), [county.relay.head(stream) for stream in county.relay.heads])
    assert anna.store.delivery("encounter", note).state == "waiting"
    anna.push()
    assert anna.store.delivery("encounter", note).state == "server"


def test_the_control_log_can_be_read_in_whatever_order_a_restored_server_gives_it(
    county: County, anna: Device, ben: Device
) -> None:
    before = anna.store.ledger.principals
    county.relay.rewind(0)
    anna.store.feed_restarted(wire.Cursor(), [])
    assert anna.store.ledger.principals == before
    anna.reopen()
    assert anna.store.ledger.principals == before
    assert isinstance(anna.store, Store)
