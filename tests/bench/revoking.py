"""A lost device on a full administrator's device: its authority ended and the groups' keys replaced, on disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from goes_mobile.protocol.ids import new_id
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.store.change import Change
from goes_mobile.store.identity import Clock
from goes_mobile.store.revocation import revoke
from goes_mobile.store.store import Store
from goes_mobile.vault.founding import enrolment
from tests.bench.rows import Figure, at_most
from tests.devices import SECRET, SITE, County, Device

DEVICES, FILES = 100, 20_000


def measure(devices: int = DEVICES, files: int = FILES) -> list[Figure]:
    half, whole = _revoking(devices // 2, files // 2), _revoking(devices, files)
    return [
        at_most(f"revoking one of {devices} devices that wrote in {files:,} files", whole, "s", 2),
        at_most("… against half of both", whole / half, "×", 2.5, "linear: 2"),
    ]


def _revoking(devices: int, files: int) -> float:
    """The best of three, each on a copy: a revocation is for good."""
    folder = Path(tempfile.mkdtemp(prefix="goes-bench-"))
    try:
        with County(folder, admin_at=(SITE,)) as county:
            lost = county.enrol()
            county.sync()
            _fill(lost, files)
            county.sync(lost, county.admin)
            _enrol(county, devices - 2)
            county.admin.store.save_snapshot(least=1)
            admin, revoked = county.admin.home, lost.store.device
            clock = county.admin.clock
        return min(_on_a_copy(admin, folder / f"copy-{n}", revoked, clock) for n in range(3))
    finally:
        shutil.rmtree(folder)


def _fill(lost: Device, files: int) -> None:
    """Each a stream and a key of its own."""
    for start in range(0, files, 500):
        lost.county.tick()
        lost.store.write([
            Change("young_person", new_id(lost.store.now_ms()), {"site": SITE, "alias": f"Vogel {start + number}"})
            for number in range(min(500, files - start))
        ])  # fmt: skip


def _enrol(county: County, devices: int) -> None:
    """The certificates of devices that are somewhere else."""
    store = county.admin.store
    for _ in range(devices):
        secret = county.invite("outreach")
        device = KeyPair.from_seed(os.urandom(32))
        store.append_clear(enrolment(secret, device, store.ledger, county.now_ms), author=secret.keys)


def _on_a_copy(home: Path, copy: Path, device: bytes, clock: Clock) -> float:
    shutil.copytree(home, copy)
    store = Store.open(copy, clock)
    store.unlock(SECRET)
    start = time.perf_counter()
    revoke(store, [device], "lost")
    taken = time.perf_counter() - start
    store.close()
    return taken
