"""Parcels between real stores: nothing lost, nothing doubled, nothing believed that its author did not sign."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goes_mobile.protocol import parcel
from goes_mobile.protocol.entry import Entry, decode
from goes_mobile.protocol.packing import pack
from goes_mobile.protocol.problems import Malformed
from goes_mobile.store.model import Unpacked
from tests.devices import OTHER_SITE, SECRET, SITE, County, Device


def carry(sender: Device, receiver: Device) -> Unpacked:
    return receiver.store.take_parcel(sender.store.make_parcel().content)


def repacked(sender: Device, change: object) -> bytes:
    """The sender's parcel after somebody had it in hands; the sum is made to fit."""
    raws = parcel.read(sender.store.make_parcel().content, sender.store.organisation)
    return parcel.make(sender.store.organisation, [change(raw) for raw in raws])  # type: ignore[operator]


def spoil(raw: bytes, **told: object) -> bytes:
    entry = decode(raw)
    parts = {"nonce": entry.nonce, "body": entry.body, "signature": entry.signature, **told}
    return pack([entry.header_bytes, parts["nonce"], parts["body"], parts["signature"]])


def test_a_colleague_is_up_to_date_at_once_and_delivers(county: County, anna: Device, ben: Device) -> None:
    person = anna.person("Kranich")
    note = anna.note("Am Bahnhof", people=[person])
    told = carry(anna, ben)
    assert (told.known, told.carried, told.held, told.refused) == (0, 0, 0, 0)
    assert told.new == told.entries > 0
    assert ben.row(note)["note"] == "Am Bahnhof"
    assert ben.store.counts().waiting == 0, "people count what they wrote themselves"
    assert ben.store.counts().carried == 2
    assert ben.store.delivery("encounter", note).state == "waiting"
    sina = county.enrol("supervisor")
    county.sync(ben, county.admin, sina)
    assert sina.row(note)["note"] == "Am Bahnhof"
    assert (ben.store.counts().carried, anna.store.counts().waiting) == (0, 2)

    entries = len(county.relay.kept)
    county.sync()
    assert len(county.relay.kept) == entries, "nothing is delivered twice"
    assert (anna.store.counts().waiting, anna.store.counts().confirmed) == (0, 2)
    assert sina.notes() == {"Am Bahnhof"}
    assert carry(anna, ben).entries == 0


def test_twice_changes_nothing(anna: Device, ben: Device) -> None:
    anna.note()
    first, second = carry(anna, ben), carry(anna, ben)
    assert (second.entries, second.known, second.new) == (first.new, first.new, 0)
    assert len(ben.notes()) == 1


def test_locked_on_both_sides(anna: Device, ben: Device) -> None:
    anna.note("vor der Sperre")
    anna.store.lock()
    ben.store.lock()
    told = carry(anna, ben)
    assert told.new == told.entries
    assert ben.store.waiting(), "sent on without anybody unlocking"
    ben.store.unlock(SECRET)
    assert ben.notes() == {"vor der Sperre"}


def test_a_device_that_may_not_read_a_word_carries_it(county: County, anna: Device, ben: Device) -> None:
    olaf = county.enrol("office", OTHER_SITE)
    county.sync()
    person = anna.person("Kranich")
    anna.note("aus Nürtingen", people=[person])
    told = carry(anna, olaf)
    assert (told.new, told.carried, told.held) == (0, told.entries, 0)
    assert (olaf.notes(), olaf.held(), olaf.store.counts().held) == (set(), {}, 0)
    assert carry(anna, olaf).known == told.entries
    before = len(olaf.entries)
    olaf.reopen()
    assert len(olaf.entries) == before
    olaf.push()
    assert len(olaf.entries) == before - told.carried, "handed over, it lies here no longer"
    county.sync(ben)
    assert ben.notes() == {"aus Nürtingen"}
    county.sync()
    assert anna.store.counts().waiting == 0


def test_what_was_carried_is_read_once_it_is_shared(county: County, anna: Device, ben: Device) -> None:
    """The member moves to the other site while the parcel lies here."""
    olaf = county.enrol("office", OTHER_SITE)
    county.sync()
    anna.note("für beide")
    carry(anna, olaf)
    anna.sync()
    olaf.give(county.relay.kept[olaf.store.cursor().number :])
    assert olaf.store.counts().carried == 0, "the server has it: it need not be carried"


def test_a_parcel_that_goes_on_from_one_to_the_next(county: County, anna: Device, ben: Device) -> None:
    olaf = county.enrol("office", OTHER_SITE)
    county.sync()
    anna.note("weit getragen")
    carry(anna, olaf)
    told = carry(olaf, ben)
    assert told.new == told.entries
    assert ben.notes() == {"weit getragen"}


def test_a_part_is_missing_until_the_server_fills_it(county: County, anna: Device, ben: Device) -> None:
    anna.note("allen bekannt")
    county.sync()
    anna.note("beim Server")
    anna.push()
    anna.note("im Paket")
    told = carry(anna, ben)
    assert (told.new, told.held) == (0, told.entries)
    assert ben.notes() == {"allen bekannt"}
    assert ben.store.waiting(), "the server has what is missing here, so it can take this"
    county.sync(ben)
    assert ben.notes() == {"allen bekannt", "beim Server", "im Paket"}
    assert (ben.held(), ben.store.waiting()) == ({}, [])


def test_an_author_nobody_has_heard_of_is_held_and_judged_later(county: County, anna: Device, ben: Device) -> None:
    clara = county.enrol("outreach")
    county.sync(clara, county.admin)
    clara.note("von der Neuen")
    told = carry(clara, ben)
    assert (told.new, told.held, told.refused) == (0, told.entries, 0)
    assert ben.held() == {"unproven": told.held}
    assert ben.store.waiting() == [], "nobody knows whether it is worth sending"
    assert carry(clara, ben).held == told.held
    ben.pull()
    assert ben.notes() == {"von der Neuen"}
    assert (ben.held(), ben.store.carries()) == ({}, True)
    county.sync()
    assert ben.store.waiting() == clara.store.waiting() == []


def tampered(entry: Entry) -> bytes:
    """Its body with one bit turned."""
    assert entry.body is not None
    return entry.body[:-1] + bytes([entry.body[-1] ^ 1])


def test_what_the_author_did_not_sign_is_left(county: County, anna: Device, ben: Device) -> None:
    """And does not keep out the true entry, which has the same hash."""
    anna.note("echt")
    told = ben.store.take_parcel(repacked(anna, lambda raw: spoil(raw, signature=bytes(64))))
    assert (told.refused, told.new) == (told.entries, 0)
    assert (ben.notes(), ben.store.waiting(), ben.findings()) == (set(), [], {"parcel_forged"})
    told = ben.store.take_parcel(repacked(anna, lambda raw: spoil(raw, body=tampered(decode(raw)))))
    assert told.refused == told.entries
    told = ben.store.take_parcel(repacked(anna, lambda raw: decode(raw).redacted()))
    assert (told.refused, ben.store.waiting()) == (told.entries, [])
    assert carry(anna, ben).refused == 0
    assert ben.notes() == {"echt"}


def test_a_forged_copy_of_an_unknown_author_does_not_keep_out_the_true_one(county: County, ben: Device) -> None:
    clara = county.enrol("outreach")
    county.sync(clara, county.admin)
    clara.note("echt")
    ben.store.take_parcel(repacked(clara, lambda raw: spoil(raw, signature=bytes(64))))
    clara.push()
    county.sync(ben)
    assert (ben.notes(), ben.held()) == ({"echt"}, {})


def test_another_organisations_parcel_does_nothing(tmp_path: Path, county: County, ben: Device) -> None:
    with County(tmp_path / "andere") as other:
        stranger = other.enrol("outreach")
        other.sync()
        stranger.note("fremd")
        foreign = stranger.store.make_parcel().content
        with pytest.raises(Malformed, match="parcel_foreign"):
            ben.store.take_parcel(foreign)
        raws = parcel.read(foreign, stranger.store.organisation)
    relabelled = ben.store.take_parcel(parcel.make(ben.store.organisation, raws))
    assert relabelled.refused == relabelled.entries > 0
    assert (ben.notes(), ben.store.waiting()) == (set(), [])


def test_what_was_taken_survives_a_restart_and_a_replay(anna: Device, ben: Device) -> None:
    anna.note("bleibt")
    carry(anna, ben)
    waiting = [w.hash for w in ben.store.waiting()]
    ben.reopen()
    assert (ben.notes(), [w.hash for w in ben.store.waiting()]) == ({"bleibt"}, waiting)
    ben.replay()
    assert ben.notes() == {"bleibt"}


def test_a_snapshot_does_not_rest_on_what_will_be_forgotten(county: County, anna: Device) -> None:
    olaf = county.enrol("office", OTHER_SITE)
    county.sync()
    anna.note()
    olaf.note("eigenes", site=OTHER_SITE)
    carry(anna, olaf)
    assert olaf.store.save_snapshot(least=1)
    olaf.push()
    olaf.note("danach", site=OTHER_SITE)
    olaf.reopen()
    assert olaf.notes() == {"eigenes", "danach"}
    whole = olaf.tables()
    olaf.replay()
    assert olaf.tables() == whole


def test_a_clock_far_ahead_is_put_right_by_the_receipt(county: County, anna: Device, ben: Device) -> None:
    """Until then the newest by its own word is shown; afterwards all show the same."""
    note = anna.note("gemeinsam")
    county.sync()
    anna.slow_ms = -86_400_000
    anna.edit(note, note="von morgen")
    anna.slow_ms = 0
    carry(anna, ben)
    ben.sync()
    ben.replay()
    shown = ben.row(note)["note"]
    county.sync()
    assert anna.row(note)["note"] == ben.row(note)["note"] == shown


def test_cut_off_at_every_durable_step_it_is_taken_again(county: County, anna: Device, ben: Device) -> None:
    """One parcel with what Ben reads, what he may not read, and what is of somebody nobody has told him of."""
    olaf = county.enrol("office", OTHER_SITE)
    county.sync()
    anna.note("für Ben")
    olaf.note("nicht für Ben", site=OTHER_SITE)
    clara = county.enrol("outreach")
    clara.note("von der Neuen")
    carry(olaf, anna)
    ours = anna.store.organisation
    raws = [raw for one in (anna, clara) for raw in parcel.read(one.store.make_parcel().content, ours)]
    content = parcel.make(ours, raws)
    for step in itertools.count(1):
        begun = itertools.count(1)
        true = ben.store.journal.transaction

        def cut_off(true: Any = true, begun: Iterator[int] = begun, step: int = step) -> Any:
            if next(begun) == step:
                raise PowerCut
            return true()

        ben.store.journal.transaction = cut_off  # type: ignore[method-assign]
        with contextlib.suppress(PowerCut):
            ben.store.take_parcel(content)
            break
        ben.reopen()
        county.tick()
    assert step > 2, "there were steps to cut off at"
    ben.reopen()
    assert ben.notes() >= {"für Ben"}
    ben.sync()
    assert {"für Ben", "von der Neuen"} <= ben.notes()
    county.sync(ben, olaf)
    assert "nicht für Ben" in olaf.notes()
    delivered = {decode(raw).hash for raw in county.raws()}
    assert {waiting.hash for waiting in anna.store.waiting()} <= delivered


class PowerCut(Exception):
    """Nothing after this moment happened."""


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["note", "edit", "parcel", "again", "sync", "restart"]), st.integers(0, 3), st.integers(0, 3)
    ),
    max_size=25,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_parcels_in_any_order_any_number_of_times(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    """Plus ordinary synchronisation: everybody ends with the same, nothing lost, nothing doubled."""
    with County(tmp_path_factory.mktemp("parcels")) as county:
        devices = [county.enrol("outreach"), county.enrol("outreach"), county.enrol("office", OTHER_SITE)]
        county.sync()
        devices.append(county.enrol("supervisor", SITE, OTHER_SITE))
        days = Days(devices)
        for step, who, whom in steps:
            days.take(step, devices[who], whom)
        county.sync(times=3)
        for content in days.parcels:
            for device in devices:
                device.store.take_parcel(content)
        county.sync()
        days.end()
        hashes = [decode(raw).hash for raw in county.raws()]
        assert len(hashes) == len(set(hashes))


@dataclass
class Days:
    """Two colleagues, one of another site, and a supervisor of both."""

    devices: list[Device]
    written: dict[str, str] = field(default_factory=dict)
    parcels: list[bytes] = field(default_factory=list)

    def take(self, step: str, device: Device, whom: int) -> None:
        match step:
            case "note":
                text = f"Notiz {len(self.written)}"
                self.written[device.note(text, site=OTHER_SITE if device is self.devices[2] else SITE)] = text
            case "edit" if mine := [record for record in self.written if device.row(record)]:
                device.edit(mine[whom % len(mine)], place_note=f"von {whom}")
            case "parcel":
                self.parcels.append(device.store.make_parcel().content)
                self.devices[whom].store.take_parcel(self.parcels[-1])
            case "again" if self.parcels:
                device.store.take_parcel(self.parcels[whom % len(self.parcels)])
            case "sync":
                device.sync()
            case "restart":
                device.reopen()

    def end(self) -> None:
        both = self.devices[3]
        assert both.notes() == set(self.written.values())
        for device in self.devices:
            device.replay()
            assert device.store.waiting() == []
            assert device.held().keys() <= {"no_key"}, "the relay hands everything to everybody"
            for record in self.written:
                if (shown := device.row(record)) is not None:
                    theirs = both.row(record)
                    assert (shown["note"], shown["place_note"]) == (theirs["note"], theirs["place_note"])
