"""What comes from elsewhere: in any order, twice, with holes, by strangers, forged. Nothing jams, nothing is lost."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import pytest

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.codes import InviteSecret
from goes_mobile.protocol.entry import Entry, decode, make
from goes_mobile.protocol.ids import new_id, to_bytes
from goes_mobile.protocol.keys import KeyPair, kem_public
from goes_mobile.protocol.operation import Operation, encode
from goes_mobile.protocol.packing import pack, unpack
from goes_mobile.protocol.streams import GroupRef, StreamRef
from goes_mobile.vault.founding import enrolment, invitation
from goes_mobile.vault.keyring import new_epoch
from tests.devices import OTHER_SITE, SITE, County, Device


def stream_of(county: County, site: str = SITE) -> bytes:
    return StreamRef("site", site).id(county.sheet.organisation)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_and_however_often_it_comes_the_same_is_shown(
    county: County, anna: Device, ben: Device, seed: int
) -> None:
    cem = county.enrol("outreach")
    county.sync()
    dice = Random(seed)
    notes = [anna.note(f"Anna {n}") for n in range(6)]
    anna.push()
    ben.pull()
    for note in notes[:3]:
        ben.edit(note, note="Ben", topics=["work"])
    anna.edit(notes[0], note="Anna")
    anna.push()
    ben.sync()
    anna.pull()
    news = county.relay.kept[cem.store.cursor().number :]
    pieces = [news[n : n + 3] for n in range(0, len(news), 3)]
    pieces += dice.sample(pieces, 2)
    dice.shuffle(pieces)
    for piece in pieces:
        dice.shuffle(piece)
        cem.give(piece)
    cem.pull()
    assert cem.held() == {}
    assert cem.store.missing() == []
    assert {name: rows for name, rows in cem.tables().items() if name == "encounter"} == {
        "encounter": anna.tables()["encounter"]
    }
    assert "running_mismatch" not in cem.findings()


def test_an_answer_twice_changes_nothing(county: County, anna: Device, ben: Device) -> None:
    anna.note()
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    assert ben.give(news).new > 0
    before = ben.tables()
    assert ben.give([*news, *news]).new == 0
    assert ben.tables() == before


def test_a_hole_in_a_chain_is_held_until_it_is_filled(county: County, anna: Device, ben: Device) -> None:
    _begun(county, anna)
    for n in range(4):
        anna.note(str(n))
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    received = ben.give([news[0], *news[2:]])
    assert received.held == 2
    assert ben.held() == {"gap": 2}
    assert ben.notes() == {BEGUN, "0"}
    assert ben.store.missing() == [(stream_of(county), news[1][1] - 1)]
    ben.give([news[1]])
    assert ben.held() == {}
    assert ben.notes() == {BEGUN, "0", "1", "2", "3"}
    assert ben.store.missing() == []


def test_a_bad_tail_is_held_until_what_follows_covers_it(county: County, anna: Device, ben: Device) -> None:
    _begun(county, anna)
    anna.note("0")
    anna.note("1")
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    bad = _unsigned(news[-1])
    ben.give([*news[:-1], bad])
    assert ben.held() == {"bad_tail": 1}
    assert ben.notes() == {BEGUN, "0"}
    anna.note("2")
    anna.push()
    ben.pull()
    assert ben.held() == {}
    assert ben.notes() == {BEGUN, "0", "1", "2"}


def _unsigned(remote: wire.RemoteEntry) -> wire.RemoteEntry:
    header, nonce, body, _ = unpack(remote[3])
    return (*remote[:3], pack([header, nonce, body, bytes(64)]))


def _forged(like: Entry, text: bytes = b"x") -> bytes:
    """An entry in the place of another one: its header fields, another body, nobody's signature."""
    return pack([like.header_bytes, os.urandom(12), text, bytes(64)])


@pytest.mark.parametrize("together", [True, False])
def test_a_forged_entry_does_not_keep_out_the_true_one(
    county: County, anna: Device, ben: Device, together: bool
) -> None:
    _begun(county, anna)
    for n in range(3):
        anna.note(str(n))
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    forged = [(n + 1000, position, received, _forged(decode(raw))) for n, position, received, raw in news]
    if together:
        ben.give(sorted([*forged, *news], key=lambda entry: decode(entry[3]).header.n), heads=[])
    else:
        ben.give(forged, heads=[])
        ben.give(news, heads=[])
    assert ben.notes() == {BEGUN, "0", "1", "2"}
    assert sum(ben.held().values()) == 3
    anna.note("3")
    county.sync(anna, ben)
    assert ben.notes() == {BEGUN, "0", "1", "2", "3"}


def test_two_entries_in_one_place_of_a_stream_are_told_and_do_not_stop_the_stream(
    county: County, anna: Device, ben: Device
) -> None:
    _begun(county, anna)
    anna.note("0")
    anna.note("1")
    anna.push()
    first, second = county.relay.kept[ben.store.cursor().number :]
    lie = (second[0], first[1], *second[2:])
    ben.give([first], heads=[])
    ben.give([lie], heads=[county.relay.head(stream_of(county))])
    assert "position_reused" in ben.findings()
    ben.pull()
    anna.note("2")
    county.sync(anna, ben)
    assert ben.notes() == {BEGUN, "0", "1", "2"}
    assert ben.store.missing() == []


def test_an_unknown_author_is_held_until_the_certificate_comes(county: County, anna: Device, ben: Device) -> None:
    known = len(county.relay.kept)
    cem = county.enrol("outreach")
    cem.pull()
    cem.note("von Cem")
    cem.push()
    later = county.relay.kept[known:]
    of_cem = [entry for entry in later if decode(entry[3]).header.stream == stream_of(county)]
    ben.give(of_cem)
    assert ben.held() == {"unknown_author": len(of_cem)}
    assert ben.notes() == set()
    ben.give(county.relay.stream(ben.store.control))
    assert ben.held() == {}
    assert ben.notes() == {"von Cem"}


def test_the_certificate_and_what_it_certifies_may_come_in_any_order_in_one_answer(
    county: County, anna: Device, ben: Device
) -> None:
    cem = county.enrol("outreach")
    cem.pull()
    cem.note("von Cem")
    cem.push()
    ben.give(county.relay.kept[::-1])
    assert ben.held() == {}
    assert "von Cem" in ben.notes()


def test_a_control_log_with_a_hole_is_read_in_its_order_once_it_is_whole(county: County, anna: Device) -> None:
    """The revocation that comes late must count from where it stands, not from when it came."""
    ben = county.enrol("outreach")
    start = ben.store.cursor().number
    dora = county.enrol("supervisor")
    admin = county.admin.store
    admin.append_clear([clear.Revocation(device=dora.store.device, reason="lost", control_position=1)])
    county.admin.push()
    control = [entry for entry in county.relay.kept[start:] if decode(entry[3]).header.stream == admin.control]
    for entry in control[::-1]:
        ben.give([entry])
    assert ben.held() == {}
    assert ben.store.ledger.principals == admin.ledger.principals
    ben.reopen()
    assert ben.store.ledger.principals == admin.ledger.principals


def test_without_the_key_it_is_held_until_the_grant_comes(county: County, anna: Device) -> None:
    note = anna.note("Vor deiner Zeit")
    anna.push()
    ben = county.enrol("outreach")
    ben.pull()
    assert ben.held() == {"no_key": 1}
    assert ben.row(note) is None
    anna.pull()
    assert anna.store.complete_newcomers() > 0
    anna.push()
    ben.pull()
    assert ben.held() == {}
    assert ben.row(note) == anna.row(note)


def test_keys_that_come_while_the_profile_is_locked_open_at_unlock(county: County, anna: Device) -> None:
    note = anna.note("Vor deiner Zeit")
    anna.push()
    ben = county.enrol("outreach")
    ben.store.lock()
    ben.pull()
    anna.pull()
    anna.store.complete_newcomers()
    later = anna.note("Mit neuem Schlüssel", site=SITE)
    anna.push()
    ben.pull()
    ben.store.unlock("eine lange Passphrase")
    assert ben.row(note) == anna.row(note)
    assert ben.row(later) == anna.row(later)
    assert ben.held() == {}


def test_a_newer_key_of_a_stream_we_read_opens_when_its_group_key_comes_late(
    county: County, anna: Device, ben: Device
) -> None:
    """Ben has a key of the site's stream. A second one is granted to a group key that reaches him only afterwards."""
    first = anna.note("mit dem ersten")
    county.sync()
    store = anna.store
    ref = GroupRef("site", SITE)
    told = invitation(
        InviteSecret(os.urandom(16)), to_bytes(new_id(county.now_ms)), "outreach", (SITE,), county.now_ms,
        county.admin.store.ledger, county.admin.store.keyring,  # type: ignore[arg-type]
    )  # fmt: skip
    county.admin.store.append_clear(told.records)  # a new key of the site's group, for its holders
    county.admin.push()
    control_from = len(county.relay.kept)
    anna.pull()
    assert (
        ben.store.ledger.groups[ref.id(store.organisation)].live()
        != store.ledger.groups[ref.id(store.organisation)].live()
    )
    made = new_epoch(
        StreamRef("site", SITE), [ref, GroupRef("recovery")], store.ledger, [*store.keys.streams[stream_of(county)]]
    )
    with store.journal.transaction():
        store.chains.append(store.keys.device, stream_of(county), clear.encode(made.record), None)
        store.keys.add(made.opened)
        store.keys.replaced[stream_of(county)] = store.keys.streams[stream_of(county)].keys() - {made.opened.epoch}
    second = anna.note("mit dem zweiten")
    anna.push()
    ben.give(county.relay.kept[control_from:])
    assert ben.row(first) is not None
    assert ben.row(second) is None
    assert ben.held() == {"no_key": 1}
    ben.give(county.relay.stream(store.control))
    assert ben.row(second) == anna.row(second)
    assert ben.held() == {}
    assert ben.store.keys.sealing(stream_of(county)) == store.keys.sealing(stream_of(county))
    ben.reopen()
    assert ben.store.keys.sealing(stream_of(county)) == store.keys.sealing(stream_of(county))


def test_a_key_that_a_stranger_slips_in_is_never_sealed_under(county: County, anna: Device, ben: Device) -> None:
    """Dora of the other site works out the stream's id and grants its readers a key that she knows too."""
    dora = county.enrol("outreach", OTHER_SITE)
    anna.note("zuvor")
    county.sync()
    slipped = new_epoch(
        StreamRef("site", SITE),
        [GroupRef("site", SITE)],
        dora.store.ledger,
        [*anna.store.keys.streams[stream_of(county)]],
    )
    with dora.store.journal.transaction():
        dora.store.chains.append(dora.store.keys.device, stream_of(county), clear.encode(slipped.record), None)
    county.sync()
    for device in (anna, ben):
        device.note("danach")
        device.reopen()
        device.note("und danach")
    county.sync()
    sealed = [e for e in anna.entries if e.suite == 1 and e.header.stream == stream_of(county)]
    assert len(sealed) == 5
    assert slipped.opened.epoch not in {entry.header.epoch for entry in sealed}
    assert ben.notes() == anna.notes()


def test_no_device_means_no_word(county: County, anna: Device, ben: Device) -> None:
    """An invite may certify and grant; it is nobody's pen."""
    invite = county.invite("outreach")
    county.sync()
    epoch, key = anna.store.keys.sealing(stream_of(county)) or _begun(county, anna)
    header = replace(
        next(e.header for e in anna.own if e.suite == 1), device=invite.keys.principal, n=1, previous=bytes(32),
        run=os.urandom(8), epoch=epoch,
    )  # fmt: skip
    said = Operation(
        os.urandom(16), "encounter", new_id(county.now_ms), county.now_ms << 16, {"note": "untergeschoben"}
    )
    county.relay.take(make(header, encode(said), invite.keys, key).raw)
    ben.pull()
    assert ben.held() == {"not_allowed": 1}
    assert "untergeschoben" not in ben.notes()


BEGUN = "Der Anfang"


def _begun(county: County, device: Device) -> tuple[bytes, bytes]:
    """The site's stream has its key, and all have read it."""
    device.note(BEGUN)
    county.sync()
    found = device.store.keys.sealing(stream_of(county))
    assert found is not None
    return found


def say(county: County, device: Device, operation: Operation) -> None:
    """An operation that this device's own program would refuse to write."""
    stream = stream_of(county)
    sealing = device.store.keys.sealing(stream) or _begun(county, device)
    with device.store.journal.transaction():
        device.store.chains.append(device.store.keys.device, stream, encode(operation), sealing)
    device.push()
    device.replay()


def test_a_kind_that_the_authors_role_may_not_write_is_held_until_the_role_changes(
    county: County, anna: Device, ben: Device
) -> None:
    """Anna was made supervisor; she knows already, Ben does not."""
    note = anna.note()
    county.sync()
    known = len(county.relay.kept)
    member = county.admin.store.ledger.principals[anna.store.device].member
    county.admin.store.append_clear([clear.RoleChange(member=member, role="supervisor", sites=(SITE,))])
    county.admin.push()
    anna.pull()
    review = anna.write("review", site=SITE, record_kind="encounter", record=note, verdict="approved")
    anna.push()
    change, *of_anna = county.relay.kept[known:]
    ben.give(of_anna)
    assert ben.held() == {"not_allowed": 1}
    assert ben.row(review, "review") is None
    ben.give([change])
    assert ben.held() == {}
    assert ben.row(review, "review") == anna.row(review, "review")


def test_what_was_written_in_an_earlier_role_stays_also_after_a_replay(
    county: County, anna: Device, ben: Device
) -> None:
    dora = county.enrol("supervisor")
    county.sync()
    note = dora.note()
    review = dora.write("review", site=SITE, record_kind="encounter", record=note, verdict="approved")
    county.sync()
    member = county.admin.store.ledger.principals[dora.store.device].member
    county.admin.store.append_clear([clear.RoleChange(member=member, role="outreach", sites=(SITE,))])
    county.sync()
    for device in (anna, ben, dora):
        device.replay()
        assert device.row(review, "review") is not None
    say(county, dora, Operation(os.urandom(16), "review", review, county.now_ms << 16, {"verdict": "question"}))
    ben.pull()
    assert ben.held() == {"not_allowed": 1}
    assert ben.row(review, "review")["verdict"] == "approved"


def test_an_operation_of_a_later_schema_is_held_and_what_is_around_it_shown(
    county: County, anna: Device, ben: Device
) -> None:
    say(county, anna, Operation(os.urandom(16), "encounter", new_id(1), 1, {"note": "neu"}, schema=2))
    note = anna.note("danach")
    anna.push()
    ben.pull()
    assert ben.held() == {"undecodable": 1}
    assert ben.row(note) is not None


def test_one_value_that_does_not_fit_holds_its_operation_and_not_the_record(
    county: County, anna: Device, ben: Device
) -> None:
    note = anna.note("wahr")
    county.sync()
    say(
        county,
        ben,
        Operation(os.urandom(16), "encounter", note, county.now_ms << 16, {"minutes": "viele", "note": "falsch"}),
    )
    county.sync()
    for device in (anna, ben):
        row = device.row(note)
        assert row is not None
        assert (row["note"], row["minutes"]) == ("wahr", None)
        assert device.held() == {"does_not_fit": 1}
        assert device.store.counts().held == 1
        device.replay()
        assert device.held() == {"does_not_fit": 1}
    anna.edit(note, minutes=20)
    county.sync()
    assert (ben.row(note)["minutes"], ben.row(note)["note"]) == (20, "wahr")
    assert [item.new for item in ben.store.history("encounter", note) if item.path == "note"] == ["wahr"]


def test_kinds_fields_and_codes_of_a_later_version_are_kept_and_passed_on(
    county: County, anna: Device, ben: Device
) -> None:
    record = new_id(county.now_ms)
    new = {
        "site": SITE,
        "at": "2026-11-23T14:00:00+00:00",
        "topics/from_later": True,
        "new_field": 5,
        "new/part/x": "y",
    }
    say(county, anna, Operation(os.urandom(16), "encounter", record, county.now_ms << 16, new))
    say(county, anna, Operation(os.urandom(16), "hovercraft", new_id(2), county.now_ms << 16, {"eels": True}))
    ben.pull()
    assert ben.row(record)["topics"] == ["from_later"]
    assert ben.row(record)["extra"] == {"new_field": 5, "new/part/x": "y"}
    ben.edit(record, note="bearbeitet")
    county.sync()
    for device in (anna, ben):
        assert device.row(record)["extra"] == {"new_field": 5, "new/part/x": "y"}
        assert device.row(record)["topics"] == ["from_later"]
        assert device.held() == {}
        device.replay()
        assert device.row(record)["extra"] == {"new_field": 5, "new/part/x": "y"}


def test_the_id_of_a_record_under_another_kind_changes_nothing(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("wahr")
    county.sync()
    said = Operation(
        os.urandom(16), "task", note, (county.now_ms + 10) << 16, {"title": "?", "site": SITE, "note": "falsch"}
    )
    say(county, anna, said)
    anna.edit(note, minutes=5)
    county.sync()
    for device in (anna, ben):
        assert device.row(note)["note"] == "wahr"
        device.replay()
        assert device.row(note)["note"] == "wahr"
    assert anna.tables()["encounter"] == ben.tables()["encounter"]


@pytest.mark.parametrize("raw", [b"", b"\xc1", b"<html>", pack([b"x"]), bytes(100)])
def test_what_is_nobodys_entry_is_told_once_and_stops_nothing(
    county: County, anna: Device, ben: Device, raw: bytes
) -> None:
    note = anna.note()
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    for _ in range(5):
        ben.give([(10**6, 10**6, 1, raw), *news])
    assert ben.row(note) is not None
    assert [finding.code for finding in ben.store.findings()].count("malformed_entry") == 1


def test_an_entry_of_another_organisation_is_told_and_not_kept(county: County, anna: Device, ben: Device) -> None:
    author = KeyPair.from_seed(bytes(32))
    header = replace(
        next(e.header for e in anna.own), organisation=bytes(16), device=author.principal, n=1, previous=bytes(32)
    )
    before = len(ben.entries)
    ben.give([(10**6, 1, 1, make(header, b"x", author).raw)], heads=[])
    assert len(ben.entries) == before
    assert "foreign_entry" in ben.findings()


def test_an_entry_of_a_later_format_waits_for_the_program_that_reads_it(
    county: County, anna: Device, ben: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    from goes_mobile.protocol import entry as entries

    note = anna.note()
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    with monkeypatch.context() as earlier:
        earlier.setattr(entries, "FORMAT", 0)
        for _ in range(2):
            ben.store.receive(news, [], None)
        assert [item.reason for item in ben.store.held()] == ["unknown_format"] * len(news)
    county.tick()
    anna.note("danach")
    anna.push()
    ben.pull()
    assert ben.held() == {}
    assert ben.row(note) == anna.row(note)
    assert ben.store.missing() == []


def test_a_body_that_the_server_withholds_is_missed_and_taken_when_it_comes(
    county: County, anna: Device, ben: Device
) -> None:
    """A server can strip any entry of its body, and hash, signature and running hash still hold."""
    note = anna.note("verschwiegen")
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    bare = [(*entry[:3], decode(entry[3]).redacted()) for entry in news]
    ben.give(bare)
    assert "body_withheld" in ben.findings()
    assert set(ben.held()) == {"withheld"}
    assert ben.row(note) is None
    ben.give(news)
    assert ben.held() == {}
    assert ben.row(note) == anna.row(note)
    ben.replay()
    assert ben.row(note) == anna.row(note)


def test_a_revocation_cannot_be_hushed_up_by_taking_its_body(county: County, anna: Device, ben: Device) -> None:
    known = len(county.relay.kept)
    county.admin.store.append_clear([clear.Revocation(device=anna.store.device, reason="lost", control_position=1)])
    county.admin.push()
    revoked = county.relay.kept[known:]
    ben.give([(*entry[:3], decode(entry[3]).redacted()) for entry in revoked])
    assert "body_withheld" in ben.findings()
    assert ben.store.ledger.principals[anna.store.device].active
    ben.give(revoked)
    assert not ben.store.ledger.principals[anna.store.device].active


def test_a_body_that_two_people_ordered_away_may_be_missing(county: County, anna: Device, ben: Device) -> None:
    note = anna.note("Name hineingerutscht")
    anna.push()
    news = county.relay.kept[ben.store.cursor().number :]
    dora, emil = county.enrol("supervisor"), county.enrol("supervisor")
    ben.give(county.relay.stream(ben.store.control))
    ben.give([(*entry[:3], decode(entry[3]).redacted()) for entry in news])
    hashes = tuple(decode(raw).hash for *_, raw in news if decode(raw).suite == 1)
    order = clear.Order(order=os.urandom(16), action="redact", stream=stream_of(county), entries=hashes)
    dora.store.append_clear([order])
    dora.push()
    emil.pull()
    emil.store.append_clear([clear.Release(order=order.order)])
    emil.push()
    ben.give(county.relay.stream(ben.store.control))
    assert "withheld" not in [item.reason for item in ben.store.held() if item.seq == _seq(ben, hashes[0])]
    assert ben.row(note) is None


def _seq(device: Device, entry_hash: bytes) -> int:
    return int(device.store.journal.db.execute("SELECT seq FROM entry WHERE hash=?", (entry_hash,)).fetchone()[0])


def test_a_grant_that_is_rubbish_does_not_shut_out_for_good(county: County, anna: Device) -> None:
    invite = county.invite("outreach", by=county.admin)
    seed = os.urandom(32)
    public = KeyPair.from_seed(seed).public
    certificate, *grants = enrolment(invite, KeyPair.from_seed(seed), county.admin.store.ledger, county.now_ms)
    rubbish = [
        clear.Grant(owner=g.owner, epoch=g.epoch, grants=(clear.Sealed(to=public.principal, sealed=os.urandom(80)),))  # type: ignore[union-attr]
        for g in grants
    ]
    county.admin.store.append_clear([certificate, *rubbish, *grants], author=invite.keys)
    county.admin.push()
    invited = county.admin.store.ledger.principals[invite.keys.principal]
    device = county._device(seed, invited.member)
    device.pull()
    assert GroupRef("site", SITE).id(county.sheet.organisation) in device.store.keys.groups


def test_a_group_key_whose_public_half_is_another_is_not_taken(county: County, anna: Device, ben: Device) -> None:
    store = county.admin.store
    ref = GroupRef("site", SITE)
    told = invitation(
        InviteSecret(os.urandom(16)), to_bytes(new_id(county.now_ms)), "outreach", (SITE,), county.now_ms, store.ledger,
        store.keyring,  # type: ignore[arg-type]
    )  # fmt: skip
    records = [
        r.model_copy(update={"kem": kem_public(os.urandom(32))})
        if isinstance(r, clear.Epoch) and r.subject == SITE
        else r
        for r in told.records
    ]
    store.append_clear(records)
    county.sync()
    [live] = ben.store.ledger.groups[ref.id(store.organisation)].live()
    assert live.epoch not in ben.store.keys.groups[ref.id(store.organisation)]


def test_heads_tell_roll_back_and_another_history(county: County, anna: Device, ben: Device) -> None:
    for n in range(3):
        anna.note(str(n))
    county.sync()
    stream = stream_of(county)
    assert ben.store.receive([], [county.relay.head(stream)], None).findings == ()
    older = county.relay.head(stream, 1)
    assert [f.code for f in ben.store.receive([], [older], None).findings] == ["rolled_back"]
    lie = county.relay.head(stream).model_copy(update={"running": bytes(32)})
    assert [f.code for f in ben.store.receive([], [lie], None).findings] == ["running_mismatch"]
    ahead = county.relay.head(stream).model_copy(update={"position": 99})
    assert ben.store.receive([], [ahead], None).gaps == ((stream, county.relay.head(stream).position),)
