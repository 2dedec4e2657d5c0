"""Ten thousand wrong PINs: slower and slower, through every restart, but never for ever, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from goes_mobile.protocol.problems import Locked
from goes_mobile.store import disk
from goes_mobile.store.store import Store
from goes_mobile.vault import attempts, lock
from goes_mobile.vault.lock import LockCost
from tests.devices import County, Device

PIN, BOUND = "204816", b"d" * 32
CHEAP = LockCost(memory_kib=8, time=1)
TRIES, RESTART = 10_000, 500


@pytest.fixture
def tablet(county: County, anna: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Locked with a PIN that is cheap to try: what is counted here is the counting."""
    monkeypatch.setattr(lock, "FLOOR", CHEAP)
    quick = [s.replace("synchronous=FULL", "synchronous=OFF") for s in disk._SETTINGS]
    monkeypatch.setattr(disk, "_SETTINGS", quick)  # restarts here are no power cuts
    store = Store.create(
        tmp_path / "tablet", anna.store.identity, anna.seed, bytes(32), PIN, anna.clock, BOUND, CHEAP
    )  # fmt: skip
    store.drafts.save("half", {"note": "halb getippt"})
    store.lock()
    return store


def guess(store: Store, number: int) -> Locked:
    with pytest.raises(Locked) as told:
        store.unlock(f"{500_000 + number}", BOUND)
    return told.value


def test_ten_thousand_wrong_pins(county: County, tablet: Store) -> None:
    waited_s = 0
    for number in range(TRIES):
        told = guess(tablet, number)
        assert told.code == "wrong_pin"
        pause = int(told.facts["wait_s"])
        assert pause <= attempts.LONGEST_PAUSE_MS // 1000, "never for ever"
        if number % RESTART == RESTART - 1:
            home, clock = tablet.home, tablet._clock
            tablet.close()
            tablet = Store.open(home, clock)
            assert guess(tablet, number).code == "wait", "not even once more after a restart"
            tablet.learn_time(county.now_ms, 0)  # else it would ask for contact before it lets anybody try
        waited_s += pause
        county.tick(1000 * pause)
    assert waited_s > 365 * 24 * 3600, "a year for one in a hundred of the shortest PINs"
    tablet.unlock(PIN, BOUND)
    assert tablet.gate.attempts.failed == 0
    assert tablet.drafts.load("half") == {"note": "halb getippt"}
    tablet.close()
