"""The end of a profile, and the lease of one that nobody has heard of for long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from goes_mobile.protocol.problems import InputRefused, Locked, Refused
from goes_mobile.store import erasure
from goes_mobile.store.disk import LOCK
from goes_mobile.store.revocation import revoke
from goes_mobile.store.store import Store
from tests.devices import DAY, SECRET, County, Device


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with County(tmp_path) as county:
        yield county


@pytest.fixture
def anna(county: County) -> Device:
    anna = county.enrol()
    county.sync()
    anna.note("Am Bahnhof")
    return anna


def lose(county: County, device: Device) -> None:
    """Revoked, and it knows."""
    revoke(county.admin.store, [device.store.device], "stolen")
    county.admin.push()
    device.pull()


def files(device: Device) -> set[str]:
    return {path.name for path in device.home.rglob("*") if path.is_file()}


def test_nobody_is_erased_who_is_not_revoked(anna: Device) -> None:
    with pytest.raises(InputRefused) as refused:
        anna.store.erase()
    assert refused.value.code == "not_revoked"
    assert anna.notes() == {"Am Bahnhof"}


def test_nothing_but_the_reason_is_left(county: County, anna: Device) -> None:
    anna.store.save_snapshot(least=0)
    anna.store.drafts.save("encounter", {"note": "halb geschrieben"})
    lose(county, anna)
    county.devices.remove(anna)
    anna.store.erase()
    assert files(anna) == {erasure.NOTE, LOCK}
    with pytest.raises(Refused) as refused:
        anna.open()
    assert (refused.value.code, refused.value.facts["reason"], refused.value.exit_code) == ("revoked", "stolen", 5)


def test_a_power_cut_in_the_middle_is_made_up_for(
    county: County, anna: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose(county, anna)
    county.devices.remove(anna)

    def unplugged(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("goes_mobile.store.erasure.wipe", unplugged)
        with pytest.raises(KeyboardInterrupt):
            anna.store.erase()
    anna.store._home_lock.close()
    assert "journal.db" in files(anna)
    with pytest.raises(Refused):
        anna.open()
    assert files(anna) == {erasure.NOTE, LOCK}


def test_what_knows_that_it_is_revoked_does_not_open(county: County, anna: Device) -> None:
    anna.store.lock()
    lose(county, anna)
    with pytest.raises(Refused) as refused:
        anna.store.unlock(SECRET)
    assert refused.value.code == "revoked"
    assert anna.store.counts().waiting == 1


def test_an_erased_device_can_be_set_up_anew(county: County, anna: Device) -> None:
    lose(county, anna)
    county.devices.remove(anna)
    identity = anna.store.identity
    anna.store.erase()
    Store.create(anna.home, identity, b"s" * 32, b"v" * 32, SECRET, anna.clock).close()
    assert erasure.read(anna.home) is None
    anna.open()
    anna.close()


# -- lease ---------------------------------------------------------------------------------------------------------


def refused_for_its_lease(device: Device) -> bool:
    device.store.lock()
    try:
        device.store.unlock(SECRET)
    except Locked as error:
        return (error.code, error.facts["days"]) == ("lease", 30)
    return False


def test_without_contact_for_30_days_it_asks_for_contact_and_still_delivers(county: County, anna: Device) -> None:
    anna.store.learn_time(county.now_ms, 0)
    county.tick(30 * DAY)
    assert not refused_for_its_lease(anna)
    county.tick(DAY)
    assert refused_for_its_lease(anna)
    assert anna.push() > 0
    anna.store.learn_time(county.now_ms, 0)
    assert not refused_for_its_lease(anna)


def test_turning_the_clock_back_gains_nothing(county: County, anna: Device) -> None:
    anna.store.learn_time(county.now_ms, 0)
    county.tick(31 * DAY)
    assert refused_for_its_lease(anna)
    anna.slow_ms = 25 * DAY
    anna.close()
    anna.open()
    assert refused_for_its_lease(anna)


def test_a_clock_that_was_far_ahead_is_forgiven_at_the_next_contact(county: County, anna: Device) -> None:
    anna.store.learn_time(county.now_ms, 0)
    anna.slow_ms = -400 * DAY
    assert refused_for_its_lease(anna)
    anna.slow_ms = 0
    assert refused_for_its_lease(anna)
    anna.store.learn_time(county.now_ms, 0)
    assert not refused_for_its_lease(anna)


def test_a_device_that_never_had_contact_counts_from_its_first_day(county: County, anna: Device) -> None:
    county.tick(31 * DAY)
    assert refused_for_its_lease(anna)
