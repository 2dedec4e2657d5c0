"""The lock: wrong tries pause, locking drops every key, drafts stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from goes_mobile.protocol import entry as entries
from goes_mobile.protocol import keys
from goes_mobile.protocol.problems import InputRefused, InUse, Locked
from goes_mobile.store.store import Store
from goes_mobile.vault.attempts import FREE
from goes_mobile.vault.lock import FLOOR
from tests.devices import DAY, MINUTE, SECRET, SITE, YEAR, County, Device


def wrong(device: Device, times: int = 1) -> Locked:
    for _ in range(times):
        with pytest.raises(Locked) as told:
            device.store.unlock("eine falsche Phrase")
    return told.value


def test_wrong_tries_pause_also_after_a_restart(county: County, anna: Device) -> None:
    anna.store.lock()
    assert wrong(anna).facts["tries_left"] == FREE - 1
    told = wrong(anna, FREE - 1)
    assert (told.code, told.facts["wait_s"]) == ("wrong_pin", 60)
    anna.close()
    anna.open()
    with pytest.raises(Locked) as waiting:
        anna.store.unlock(SECRET)
    assert waiting.value.code == "wait"
    county.tick(2 * MINUTE)
    anna.store.unlock(SECRET)
    assert anna.store.gate.attempts.failed == 0


def test_a_try_counts_before_it_is_checked(anna: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulling the plug while the passphrase is being checked gives no free try."""
    anna.store.lock()

    def unplugged(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("goes_mobile.store.gate.open_lock", unplugged)
        with pytest.raises(KeyboardInterrupt):
            anna.store.unlock(SECRET)
    anna.close()
    anna.open()
    assert anna.store.gate.attempts.failed == 1


def test_turning_the_clock_back_gains_nothing_and_a_wrong_clock_locks_nobody_out(county: County, anna: Device) -> None:
    """Far ahead ends the time without contact, so that a device kept in a drawer stays shut; a contact heals it."""
    anna.store.lock()
    anna.slow_ms = -10 * YEAR
    with pytest.raises(Locked, match="lease"):
        anna.store.unlock(SECRET)
    anna.store.learn_time(county.now_ms, 0)
    wrong(anna, FREE)
    anna.slow_ms = 0
    with pytest.raises(Locked, match="wait"):
        anna.store.unlock(SECRET)
    county.tick(2 * MINUTE)
    anna.store.learn_time(county.now_ms, 0)
    anna.store.unlock(SECRET)


@pytest.mark.parametrize("healed", ["while it is ahead", "when it is right again"])
def test_one_contact_heals_a_clock_that_stood_ten_years_ahead_for_an_hour(
    county: County, anna: Device, healed: str
) -> None:
    """Locked as it is: the contact needs no PIN. And it asks no more often than every other device afterwards."""
    anna.note("wartet")
    anna.store.lock()
    anna.slow_ms = -10 * YEAR
    with pytest.raises(Locked, match="lease"):
        anna.store.unlock(SECRET)
    if healed == "while it is ahead":
        anna.store.learn_time(county.now_ms, 0)
        anna.store.unlock(SECRET)
        anna.store.lock()
        anna.slow_ms = 0
    else:
        anna.slow_ms = 0
        county.tick(60 * MINUTE)
        with pytest.raises(Locked, match="lease"):
            anna.store.unlock(SECRET)
        assert anna.store.waiting(), "what waits is delivered without it"
        anna.store.learn_time(county.now_ms, 0)
    for days in (1, 14, 15):
        anna.store.unlock(SECRET)
        assert anna.notes() == {"wartet"}
        anna.close()
        anna.open()
        county.tick(days * DAY)
    county.tick(DAY)
    with pytest.raises(Locked, match="lease"):
        anna.store.unlock(SECRET)


def test_guessing_the_old_passphrase_when_changing_it_is_counted_too(county: County, anna: Device) -> None:
    for _ in range(FREE):
        with pytest.raises(Locked):
            anna.store.gate.change("eine falsche Phrase", "eine neue Passphrase", cost=FLOOR)
    with pytest.raises(Locked, match="wait"):
        anna.store.gate.change(SECRET, "eine neue Passphrase", cost=FLOOR)
    county.tick(2 * MINUTE)
    with pytest.raises(InputRefused, match="passphrase_too_short"):
        anna.store.gate.change(SECRET, "zu kurz", cost=FLOOR)
    anna.store.gate.change(SECRET, "eine neue Passphrase", cost=FLOOR)
    note = anna.note()
    anna.store.lock()
    with pytest.raises(Locked):
        anna.store.unlock(SECRET)
    anna.store.unlock("eine neue Passphrase")
    assert anna.row(note) is not None


def test_locking_drops_keys_projection_and_caches(county: County, anna: Device) -> None:
    note = anna.note("geheim")
    county.sync()
    drafts = anna.store.drafts
    drafts.save("x", {"note": "geheim"})
    anna.store.lock()
    store = anna.store
    assert store.locked
    assert store.keyring is None
    kept = [value for name, value in vars(store).items() if name in (
        "_box", "_keys", "_projection", "_search", "_search_session", "_opener"
    )]  # fmt: skip
    assert kept == [None] * 6
    assert store._vault_key == b""
    for cache in (entries._cipher, keys._signer, keys._public):
        assert cache.cache_info().currsize == 0
    for ask in (lambda: drafts.load("x"), drafts.list, lambda: drafts.save("y", {})):
        with pytest.raises(Locked):
            ask()
    store.unlock(SECRET)
    assert anna.row(note)["note"] == "geheim"
    assert drafts.load("x") == {"note": "geheim"}


def test_files_that_were_open_once_open_again_without_their_grants(
    county: County, anna: Device, ben: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened keys lie together, sealed under the vault key: a grant costs a key agreement, and there are thousands."""
    people = [anna.write("young_person", site=SITE, alias=f"Falke {number}") for number in range(20)]
    county.sync()
    opened: list[bytes] = []

    def counted(secret: bytes, sealed: bytes, info: bytes) -> bytes:
        opened.append(info)
        return keys.open_sealed(secret, sealed, info)

    monkeypatch.setattr("goes_mobile.vault.keyring.open_sealed", counted)
    ben.replay()
    assert [ben.row(person, "young_person")["alias"] for person in people] == [
        f"Falke {number}" for number in range(20)
    ]
    assert opened == []
    anna.write("young_person", site=SITE, alias="Luna")
    county.sync()
    assert len(opened) == 1


def test_a_failing_disk_does_not_keep_the_device_open(anna: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(anna.store, "save_snapshot", broken)
    anna.store.lock()
    assert anna.store.locked


def test_unlocking_that_fails_half_way_leaves_it_locked(anna: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    anna.store.lock()

    def broken(self: Store) -> None:
        raise MemoryError

    with monkeypatch.context() as ill:
        ill.setattr(Store, "_project", broken)
        with pytest.raises(MemoryError):
            anna.store.unlock(SECRET)
    assert anna.store.locked
    anna.store.unlock(SECRET)


def test_a_pin_asks_for_the_secret_of_its_device_and_counts_nothing_without_it(
    county: County, tmp_path: Path, anna: Device
) -> None:
    home = tmp_path / "pin"
    seed, identity = anna.seed, anna.store.identity
    store = Store.create(home, identity, seed, bytes(32), "204816", anna.clock, device_secret=b"d" * 32, cost=FLOOR)
    assert store.gate.kind == "pin"
    store.lock()
    with pytest.raises(Locked, match="device_secret_missing"):
        store.unlock("204816")
    assert store.gate.attempts.failed == 0
    store.unlock("204816", b"d" * 32)
    store.close()


def test_a_second_process_or_window_is_refused(anna: Device) -> None:
    with pytest.raises(InUse) as told:
        Store.open(anna.home, anna.clock)
    assert told.value.exit_code == 8
    with pytest.raises(InUse):
        Store.create(anna.home, anna.store.identity, anna.seed, bytes(32), SECRET, anna.clock, cost=FLOOR)
    anna.note("weiter")
    anna.reopen()


def test_what_is_no_profile_or_one_already(anna: Device, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no_profile"):
        Store.open(tmp_path / "nothing", anna.clock)
    assert not (tmp_path / "nothing").exists()
    anna.close()
    with pytest.raises(InputRefused, match="profile_exists"):
        Store.create(anna.home, anna.store.identity, anna.seed, bytes(32), SECRET, anna.clock, cost=FLOOR)
    anna.open()
    anna.store.unlock(SECRET)
