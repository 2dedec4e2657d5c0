"""Wrong clocks: nothing lost, nothing undone, and the times are offered for correction."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.clock import millis
from tests.devices import DAY, MINUTE, SECRET, YEAR, County, Device


def hlc_ms(device: Device, note: str) -> int:
    return millis(device.store.registers("encounter", note).last.operation.hlc)


@pytest.mark.parametrize("slow_ms", [10 * YEAR, -10 * YEAR])
def test_ten_years_wrong_for_three_days(county: County, anna: Device, ben: Device, slow_ms: int) -> None:
    note = anna.note("von vorher")
    county.sync()
    anna.store.learn_time(county.now_ms, 0)
    ben.slow_ms = slow_ms
    wrong = [ben.note("falsche Uhr")]
    county.tick(3 * DAY)
    ben.edit(note, note="bearbeitet")
    wrong.append(ben.note("drei Tage später"))
    ben.store.learn_time(county.now_ms, 0)
    county.sync()
    assert anna.row(note)["note"] == ben.row(note)["note"] == "bearbeitet"
    assert anna.store.counts().conflicts == 0
    assert anna.tables()["encounter"] == ben.tables()["encounter"]
    [slip] = ben.store.clock_slips()
    assert abs(slip.offset_ms - slow_ms) < MINUTE
    seqs = [ben.store._newest("encounter", n) for n in wrong]
    assert all(slip.after_seq < seq <= slip.until_seq for seq in seqs)
    later = ben.note("wieder richtig")
    assert abs(hlc_ms(ben, later) - county.now_ms) < 5 * MINUTE
    county.sync()
    before = ben.tables()["encounter"]
    ben.replay()
    assert ben.tables()["encounter"] == before == anna.tables()["encounter"]
    ben.store.settle_clock_slips()
    assert ben.store.clock_slips() == []


def test_a_clock_that_was_set_right_before_the_first_contact_is_noticed(county: County, anna: Device) -> None:
    """The usual way: the phone finds a network, which sets the clock, and only then do we hear from the server."""
    county.sync()
    anna.store.learn_time(county.now_ms, 0)
    anna.slow_ms = -10 * YEAR
    anna.note("in zehn Jahren")
    anna.slow_ms = 0
    anna.store.learn_time(county.now_ms, 0)
    [slip] = anna.store.clock_slips()
    assert abs(slip.offset_ms + 10 * YEAR) < 5 * MINUTE
    later = anna.note("wieder richtig")
    assert abs(hlc_ms(anna, later) - county.now_ms) < 5 * MINUTE


def test_a_clock_that_was_behind_and_set_right_before_the_first_contact_is_noticed(
    county: County, anna: Device
) -> None:
    county.sync()
    anna.store.learn_time(county.now_ms, 0)
    anna.slow_ms = 10 * YEAR
    anna.note("vor zehn Jahren")
    anna.slow_ms = 0
    anna.store.learn_time(county.now_ms, 0)
    [slip] = anna.store.clock_slips()
    assert abs(slip.offset_ms - 10 * YEAR) < 5 * MINUTE


def test_what_was_learnt_while_locked_holds_after_unlocking(county: County, anna: Device) -> None:
    anna.slow_ms = -10 * YEAR
    anna.note("in zehn Jahren")
    anna.close()
    anna.open()
    anna.store.learn_time(county.now_ms, 0)
    anna.push()
    anna.store.unlock(SECRET)
    later = anna.note("wieder richtig")
    assert abs(hlc_ms(anna, later) - county.now_ms) < 5 * MINUTE
    before = anna.tables()
    anna.replay()
    assert anna.tables()["encounter"] == before["encounter"]


def test_a_clock_set_right_after_its_error_was_learnt_is_not_corrected_twice(county: County, anna: Device) -> None:
    anna.store.learn_time(county.now_ms, 0)
    anna.slow_ms = -10 * YEAR
    anna.store.learn_time(county.now_ms, 0)
    assert abs(anna.store.now_ms() - county.now_ms) < MINUTE
    anna.slow_ms = 0
    county.tick(DAY)
    assert abs(anna.store.now_ms() - county.now_ms) < MINUTE
    anna.note()
    anna.store.learn_time(county.now_ms, 0)
    assert anna.store.clock_slips() == []
    assert anna.store.counts().clock_offset_ms == 0


def test_five_minutes_are_nobodys_business(county: County, anna: Device) -> None:
    anna.slow_ms = 4 * MINUTE
    anna.note()
    anna.store.learn_time(county.now_ms, 0)
    assert (anna.store.counts().clock_offset_ms, anna.store.clock_slips()) == (0, [])


def test_receipts_correct_what_is_shown_alike_on_both_devices_and_after_restarts(
    county: County, anna: Device, ben: Device
) -> None:
    """Ben's clock is a year ahead; without receipts his version would be shown over Anna's later one for a year."""
    note = anna.note("erst")
    county.sync()
    ben.slow_ms = -YEAR
    ben.edit(note, note="Ben")
    ben.store.save_snapshot(least=0)
    ben.push()
    county.tick(DAY)
    anna.edit(note, note="Anna")
    county.sync()
    for device in (anna, ben):
        assert device.row(note)["note"] == "Anna"
        assert device.store.registers("encounter", note).conflicts() == ["note"]
    assert anna.row(note) == ben.row(note)
    ben.store.learn_time(county.now_ms, 0)  # a contact: else a year without one would keep it shut
    ben.slow_ms = 0
    ben.reopen()
    assert anna.row(note) == ben.row(note)
    ben.replay()
    assert anna.tables()["encounter"] == ben.tables()["encounter"]


def test_the_next_version_is_later_than_what_it_replaces_also_after_a_restart(
    county: County, anna: Device, ben: Device
) -> None:
    ben.slow_ms = -4 * MINUTE
    note = ben.note("vier Minuten voraus")
    county.sync()
    anna.reopen()
    anna.edit(note, note="danach")
    assert anna.row(note)["changed_by"] == anna.store.member
