"""A battery that is taken out before any durable step: the old or the new, never neither."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from goes_mobile.app import desktop, make_profile
from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.protocol.problems import InputRefused, Locked
from goes_mobile.services import encounters
from goes_mobile.state.app import App
from goes_mobile.state.delivery import Delivery
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.parts import Parts
from goes_mobile.store.store import Store
from goes_mobile.vault.lock import FLOOR
from tests.bench.profiles import clock, encounter, found
from tests.device.dying import BOUND, SECRET
from tests.serving import RunningServer, initialise

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]
MANY = 200


class Tablet:
    """The forking process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.device.dying"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def does(self, *words: object) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(*words, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture
def tablet() -> Iterator[Tablet]:
    made = Tablet()
    yield made
    made.close()


def opens(store: Store, pin: str) -> bool:
    with contextlib.suppress(Locked):
        store.unlock(pin, BOUND)
    return not store.locked


def test_a_pin_is_the_old_or_the_new_one(tablet: Tablet, tmp_path: Path) -> None:
    home, pins = tmp_path / "tablet", ["204816", "135790"]
    store = found(home)
    store.write([encounter(random.Random(3), 7)])
    store.gate.change(SECRET, pins[0], BOUND, FLOOR)
    store.close()
    seen: list[str] = []
    for step in range(1, MANY):
        told = tablet.does("pin", step, home, *pins)
        assert told in ("killed", "done")
        store = Store.open(home, clock)
        if not opens(store, pins[0]):
            assert opens(store, pins[1]), "neither opens"
            pins.reverse()
            seen.append("new")
        else:
            seen.append("old")
        assert len(store.projection.db.execute("SELECT id FROM encounter").fetchall()) == 1
        store.close()
        if told == "done":
            break
    assert len(seen) > 3, "it has steps"
    assert seen[-1] == "new"
    assert "old" in seen


async def test_an_enrolment_that_lost_its_power_goes_on_or_begins_anew(tablet: Tablet, tmp_path: Path) -> None:
    """With the same code, before each step; the member has one device in the end, and it reads what was there."""
    parts = replace(desktop(), lock_cost=FLOOR)
    token = initialise(tmp_path / "server")["setup_token"]
    with RunningServer(tmp_path / "server") as server:
        admin, doorway = make_profile(tmp_path / "admin", parts), Doorway(parts)
        await doorway.found(admin, server.url, token, "landkreis-esslingen", "Ada Amann", ["workmobil"], SECRET)
        assert isinstance(admin.delivering, Delivery)
        await admin.delivering.run()
        phases: list[str] = []
        for step in range(1, MANY):
            code, _ = await doorway.invite(admin, "outreach", ["workmobil"], "Jana Keller")
            told = tablet.does("enrol", step, tmp_path / f"jana-{step}", server.url, code.code)
            assert told in ("killed", "done")
            phases.append(await switched_on_again(tmp_path / f"jana-{step}", parts, server.url, code.code))
            if told == "done":
                break
        await admin.delivering.run()
        assert admin.store is not None
        devices = [p for p in admin.store.ledger.principals.values() if p.sort == "device"]
        await admin.close()
    assert len(devices) == len({device.member for device in devices}) == len(phases) + 1
    assert not any(device.suspended for device in devices)
    assert list(dict.fromkeys(phases)) == ["empty", "not_certified", "open"], "first nothing, then half of it, then all"


async def test_a_recovery_that_lost_its_power_is_completed_by_the_same_sheet(tablet: Tablet, tmp_path: Path) -> None:
    """Between being certified and handing out the keys it reads nothing, and the sheet alone can help: once more."""
    parts = replace(desktop(), lock_cost=FLOOR)
    token = initialise(tmp_path / "server")["setup_token"]
    with RunningServer(tmp_path / "server") as server:
        admin, doorway = make_profile(tmp_path / "admin", parts), Doorway(parts)
        words = await doorway.found(admin, server.url, token, "landkreis-esslingen", "Ada Amann", ["workmobil"], SECRET)
        sheet = RecoverySheet.typed(words)
        await admin.do(lambda desk: [encounter(random.Random(3), 7)])
        assert isinstance(admin.delivering, Delivery)
        await admin.delivering.run()
        await admin.close()
        for step in range(3):
            home = tmp_path / f"new-{step}"
            assert tablet.does("recover", step, home, server.url, sheet.secret.hex()) == "killed"
            new = make_profile(home, parts)
            handed = await doorway.recover(new, server.url, sheet, SECRET)
            assert (handed > 0) == (step < 2), "what was handed out before the cut is not handed out twice"
            assert await doorway.recover(new, server.url, sheet, SECRET) == 0
            assert (await new.ask(encounters.lines)).total == 1
            assert (await new.ask(lambda desk: desk.me)).name == "Ada Amann"
            await new.close()


async def switched_on_again(home: Path, parts: Parts, url: str, code: str) -> str:
    """What the screens find, and that whoever has the code then works on this device."""
    profile, doorway = make_profile(home, parts), Doorway(parts)
    app = App([profile], doorway)
    await app.start()
    found = str(app.status.phase)
    if found == "locked":
        await profile.unlock(SECRET)
        try:
            await profile.ask(lambda desk: desk.me)
            found = "open"
        except InputRefused as error:
            found = error.code
    if found != "open":
        await doorway.enrol(profile, url, code, SECRET)
    assert isinstance(profile.delivering, Delivery)
    await profile.delivering.run()
    assert (await profile.ask(lambda desk: desk.me)).name == "Jana Keller"
    await app.leave()
    await profile.close()
    return found
