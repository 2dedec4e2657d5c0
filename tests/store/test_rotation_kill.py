"""Power cuts while somebody's authority ends and its keys follow: the old state or the new one, never neither."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goes_mobile.protocol.entry import SEALED
from goes_mobile.store.revocation import revoke
from tests.devices import SECRET, County, Device

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


class Process:
    """See :mod:`tests.store.rotating`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.rotating"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def killed(self, device: Device, what: str, moment: int, **more: Any) -> bool:
        """Let a device do something in this process until this moment, and start it again; whether it was killed."""
        device.county.tick()
        device.close()
        told = {"home": str(device.home), "now": device.county.now_ms, "what": what, "moment": moment, **more}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(told), file=self._process.stdin, flush=True)
        said = self._process.stdout.readline().strip()
        assert said in ("killed", "done")
        device.open()
        return said == "killed"

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    made = Process()
    yield made
    made.close()


class Story(County):
    """Anna, ben and the lost device know a file; the administrator reads nothing of it."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.anna, self.ben, self.lost = self.enrol(), self.enrol(), self.enrol()
        self.file = self.anna.person("Kranich")
        self.sync()

    @property
    def known(self) -> bool:
        """Whether the administrator's device says that the lost one is revoked."""
        return self.admin.store.ledger.principals[self.lost.store.device].revoked is not None

    def reached(self, device: Device) -> bool:
        """Whether the live key of any group is the lost device's too."""
        groups = device.store.ledger.groups.values()
        return any(self.lost.store.device in epoch.sealed for group in groups for epoch in group.live())

    def leaked(self, device: Device, before: int) -> list[bool]:
        """Of what a device sealed since: whether the lost one opens it, wherever it got it."""
        self.lost.pull()
        keys = self.lost.store.keys
        made = [e.header for e in device.own[before:] if e.header.suite == SEALED]
        return [keys.key(header.stream, header.epoch) is not None for header in made]


def test_a_revocation_that_is_cut_off_is_there_or_not_and_its_keys_follow(tmp_path: Path, process: Process) -> None:
    """Cut before and after each commit of the administrator's; the colleagues hear of it before it goes on there."""
    moment, states = 0, []
    while True:
        moment += 1
        with Story(tmp_path / str(moment)) as county:
            killed = process.killed(county.admin, "revoke", moment, whom=county.lost.store.device.hex())
            states.append((county.known, county.reached(county.admin)))
            county.admin.store.unlock(SECRET)
            if not county.known:
                revoke(county.admin.store, [county.lost.store.device], "stolen")
            county.admin.push()
            before = len(county.anna.own)
            county.anna.pull()
            county.anna.note("Danach")
            county.anna.edit(county.file, "young_person", alias="Reiher")
            assert county.leaked(county.anna, before) == [False, False]
            county.sync(county.admin, county.anna, county.ben)
            assert not county.reached(county.admin)
            assert "Danach" in county.ben.notes()
            assert county.ben.row(county.file, "young_person")["alias"] == "Reiher"
            if not killed:
                break
    said, half, both = (False, True), (True, True), (True, False)
    assert states == [said, half, half, both, both]


def test_a_colleague_who_takes_up_the_rotation_may_be_cut_off_too(tmp_path: Path, process: Process) -> None:
    """The administrator has said no more than that the device is lost: a colleague's next write replaces the keys."""
    moment = 0
    while True:
        moment += 1
        with Story(tmp_path / str(moment)) as county:
            assert process.killed(county.admin, "revoke", 2, whom=county.lost.store.device.hex())
            county.admin.store.unlock(SECRET)
            county.admin.push()
            county.anna.pull()
            before = len(county.anna.own)
            killed = process.killed(county.anna, "write", moment, person=county.file, at="2026-11-23T14:00:00+01:00")
            county.anna.store.unlock(SECRET)
            assert not any(county.leaked(county.anna, before))
            county.anna.note("Danach")
            assert not any(county.leaked(county.anna, before))
            county.sync(county.admin, county.anna, county.ben)
            assert not county.reached(county.ben)
            assert "Danach" in county.ben.notes()
            if not killed:
                break
    assert moment == 5
