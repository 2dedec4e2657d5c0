"""Erasure killed at every durable step: there is the old state or the new one, and at last nothing is left."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from goes_mobile.cli.checking import examine
from goes_mobile.protocol import clear
from goes_mobile.protocol.ids import to_bytes
from goes_mobile.protocol.problems import Refused
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.store import disk, erasure, snapshot
from goes_mobile.store.revocation import revoke
from goes_mobile.store.store import Store
from tests.devices import SECRET, County, Device
from tests.killed import Killer
from tests.store.dying import hand_over
from tests.store.test_blobs import attach

pytestmark = pytest.mark.processes
CONTENT = b"Zeugnis von Luna K." * 9000


def found_in(home: Path, wanted: list[bytes]) -> list[str]:
    """The files of a profile that hold any of these: journal, write-ahead log, snapshot, whatever else lies there."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path.name for path in files if any(bytes_ in path.read_bytes() for bytes_ in wanted)]


def sealed(device: Device, person: str) -> list[bytes]:
    stream = StreamRef("person", person).id(device.store.organisation)
    bodies = [e.body for e in device.entries if e.header.stream == stream and e.body is not None]
    chunks = [bytes(row[0]) for row in device.store.journal.db.execute("SELECT sealed FROM chunk")]
    return bodies + [chunk[at : at + 3000] for chunk in chunks for at in (0, 100_000)]  # across pages: not all at once


def settled(county: County, device: Device) -> None:
    """As it lies there after a day: snapshot, a draft, the log's file laid out."""
    device.store.save_snapshot(least=0)
    device.store.journal.stretch()
    while device.store.idle():
        pass
    device.close()
    county.devices.remove(device)


def test_a_device_killed_while_it_erases_a_file_ends_with_nothing_of_it(
    county: County, anna: Device, ben: Device, tmp_path: Path
) -> None:
    sabine, second = county.enrol("supervisor"), county.enrol("supervisor")
    person, other = anna.person("Kranich"), anna.person("Reiher")
    anna.note("Will ausziehen", people=[person])
    attach(anna, person, CONTENT)
    anna.store.drafts.save("person:" + person, {"note": "Entwurf"})
    county.sync()
    was = sealed(anna, person)
    order = sabine.store.orders.erase(person, "by_request")
    county.sync()
    (release,) = second.store.append_clear([clear.Release(order=to_bytes(order))])
    given, home = tmp_path / "given", tmp_path / "copy"
    hand_over(given, county.now_ms, [county.relay.take(release.raw)])
    settled(county, anna)
    assert set(found_in(anna.home, was)) >= {disk.DATABASE}

    with Killer() as killer:
        for step in itertools.count():
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(anna.home, home)
            died = killer.dies("tests.store.dying:hear", step, str(home), str(given))
            store = Store.open(home, lambda: county.now_ms)
            try:
                store.unlock(SECRET)
                known = store.ledger.erased
                assert bool(known) is (store.projection.places("young_person", person) == []), step
                if not known:
                    store.receive([county.relay.take(release.raw)], [], None)
                assert found_in(home, was) == [], step
                assert not (home / snapshot.FILE).exists(), step
                assert store.drafts.list() == []
                assert store.projection.places("young_person", other) != []
                examined = examine(store)
                assert (examined.problems, examined.projection) == ([], "same"), step
            finally:
                store.close()
            if not died:
                break
    assert step > 8


def test_a_revoked_device_killed_while_it_erases_itself_ends_with_nothing(
    county: County, anna: Device, tmp_path: Path
) -> None:
    person = anna.person("Kranich")
    attach(anna, person, CONTENT)
    county.sync()
    was = sealed(anna, person)
    revoke(county.admin.store, [anna.store.device], "stolen")
    county.admin.push()
    anna.pull()
    settled(county, anna)
    given, home = tmp_path / "given", tmp_path / "copy"
    hand_over(given, county.now_ms, [])

    with Killer() as killer:
        for step in itertools.count():
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(anna.home, home)
            died = killer.dies("tests.store.dying:end", step, str(home), str(given))
            if erasure.read(home) is None:
                store = Store.open(home, lambda: county.now_ms)
                with pytest.raises(Refused):
                    store.unlock(SECRET)
                store.erase()
            with pytest.raises(Refused) as refused:
                Store.open(home, lambda: county.now_ms)
            assert refused.value.facts["reason"] == "stolen"
            assert found_in(home, was) == [], step
            assert {path.name for path in home.rglob("*")} == {erasure.NOTE, disk.LOCK}, step
            if not died:
                break
    assert step > 5
