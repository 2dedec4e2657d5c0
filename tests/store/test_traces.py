"""What the program notes by itself: told apart from what people saved, sealed again with its mark, nobody else's."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.ids import trace_id
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.store.change import Change
from tests.devices import SITE, County, Device


def look(device: Device, person: str, of: Device | None = None, day: int = 1, month: str = "") -> str:
    """A note of one device, or in the name of another."""
    told = of or device
    trace = trace_id(told.store.device, StreamRef("person", person).id(device.store.organisation), month)
    about = {"person": person, "site": SITE, "device": told.store.device.hex()}
    key = f"{month}{day:02}" if month else f"{day}"
    at = f"2026-11-{day:02}T12:00:00+01:00"
    device.store.write([
        Change("access", trace, {**about, f"looks/{key}/what": "opened", f"looks/{key}/at": at})
    ])  # fmt: skip
    return trace


def test_it_goes_along_and_is_counted_nowhere(county: County, anna: Device, ben: Device) -> None:
    person = anna.person()
    county.sync()
    before = anna.store.counts()
    trace = look(anna, person)
    assert len(anna.store.waiting()) == 1
    assert (anna.store.counts().waiting, anna.store.counts().confirmed) == (0, before.confirmed)
    anna.close()
    anna.open()
    assert anna.store.counts().waiting == 0, "told apart without a key"
    anna.push()
    assert anna.store.counts().confirmed == before.confirmed
    ben.pull()
    assert ben.row(trace, "access")["person"] == person
    assert ben.held() == {}


def test_a_restored_server_gets_it_again_and_still_nothing_waits(county: County, anna: Device) -> None:
    person = anna.person()
    county.sync()
    look(anna, person)
    number = len(county.relay.kept)
    anna.push()
    county.relay.rewind(number)
    heads = [county.relay.head(stream) for stream in anna.store.journal.feeds()]
    anna.store.feed_restarted(anna.store.cursor(), heads)
    assert len(anna.store.waiting()) == 1
    assert anna.store.counts().waiting == 0


def test_a_refused_note_is_sealed_again_with_its_mark(county: County, anna: Device, ben: Device) -> None:
    person = anna.person()
    county.sync()
    trace = look(anna, person)
    [waiting] = anna.store.waiting()
    anna.store.refused(waiting.hash, "chain_broken")
    [again] = anna.store.waiting()
    assert again.hash != waiting.hash
    assert anna.store.counts().waiting == 0
    county.sync()
    assert set(ben.row(trace, "access")) >= {"looks"}


@pytest.mark.parametrize("month", ["", "202611"])
def test_no_device_notes_in_the_name_of_another(county: County, anna: Device, ben: Device, month: str) -> None:
    """A modified program is no help: what it says about others is held on every device that reads it. Without a month:
    as the first versions noted."""
    person = anna.person()
    trace = look(anna, person, month=month)
    county.sync()
    before = ben.row(trace, "access")["looks"]
    look(ben, person, of=anna, day=2, month=month)
    ben.store.write([Change("access", trace, delete=True)])
    county.sync()
    row = anna.row(trace, "access")
    assert (row["looks"], row["deleted"]) == (before, False)
    assert anna.held() == {"not_allowed": 2}
    ben.replay()
    assert ben.row(trace, "access")["looks"] == before
