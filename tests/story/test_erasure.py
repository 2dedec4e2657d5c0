"""Erasure through the commands, with a real server: one proposes, another releases, and nothing is left anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.store.identity import Identity
from goes_mobile.store.journal import Journal
from tests.cli.county import Cli, County
from tests.serving import run

pytestmark = pytest.mark.processes
AT = "2026-11-20T14:52:00+01:00"


def bodies(cli: Cli, person: str) -> list[bytes]:
    """What is sealed in somebody's file, as it lies on the disk."""
    journal = Journal(cli.home / "journal.db")
    try:
        organisation = Identity.load(journal.get("identity")).organisation
        stream = StreamRef("person", person).id(organisation)
        found = [decode(raw) for (raw,) in journal.db.execute("SELECT raw FROM entry WHERE stream=?", (stream,))]
        return [entry.body for entry in found if entry.body is not None]
    finally:
        journal.close()


def in_files(place: Path, wanted: list[bytes]) -> set[str]:
    """The names of files that hold any of these byte strings."""
    return {
        path.name
        for path in place.rglob("*")
        if path.is_file() and any(body in path.read_bytes() for body in wanted)
    }  # fmt: skip


def written(cli: Cli) -> tuple[str, list[str]]:
    (person,) = cli.add("young_person", {"alias": "Falke", "birth_year": 2009})
    notes = cli.add("encounter", *({"at": AT, "people": [person], "note": f"Nummer {n}"} for n in range(5)))
    return person, notes


def test_a_file_is_erased_from_server_and_devices(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    person, notes = written(jana)
    with county.server.running():
        county.everyone_syncs()
        was = bodies(sabine, person)
        assert len(was) >= 7
        assert in_files(county.server.data, was) != set()
        order = jana.ok("erase", "person", person, "--reason", "by_request").json["orders"][0]
        assert jana.run("orders", "--release", order).code == 6
        jana.sync()
        sabine.sync()
        (line,) = sabine.ok("orders").lines
        assert (line["id"], line["state"], line["proposed_by"], line["reason"]) == (
            order, "proposed", "Jana Keller", "by_request"
        )  # fmt: skip
        sabine.ok("orders", "--release", order)
        assert sabine.run("show", "encounter", notes[0]).code == 6
        sabine.sync()
        assert in_files(county.place / "sabine", was) == set()
        assert in_files(county.server.data, was) == set()
        jana.add("encounter", {"at": AT, "people": [person], "note": "hat noch nichts gehört"})
        late = bodies(jana, person)
        jana.sync()
        county.tom.sync()
        county.admin.sync()
        sabine.sync()
        (line,) = sabine.ok("orders").lines
        assert (line["state"], line["asked"], line["confirmed"]) == ("carried_out", 4, 4)
        assert jana.ok("doctor").json["ok"]
        assert sabine.ok("doctor").json["ok"]
    assert in_files(county.place, [*was, *late]) == set()
    assert run("doctor", data=county.server.data).returncode == 0


@pytest.mark.parametrize("mode", ["shared", "handed_over"])
def test_a_file_that_two_sites_share_is_erased_at_both(county: County, mode: str) -> None:
    jana, sabine, tom = county.jana, county.sabine, county.tom
    person, notes = written(jana)
    with county.server.running():
        jana.ok("share", "person", person, "--with", "jugendbuero-nuertingen", "--mode", mode)
        county.everyone_syncs()
        tom.ok("share", "person", person, "--accept")
        (theirs,) = tom.add("encounter", {"at": AT, "people": [person], "note": "Im Jugendbüro"})
        county.everyone_syncs()
        was = sorted({*bodies(tom, person), *bodies(sabine, person)})
        assert len(was) >= 10
        order = tom.ok("erase", "person", person, "--reason", "by_request").json["orders"][0]
        county.everyone_syncs()
        (late,) = tom.add("encounter", {"at": AT, "people": [person], "note": "noch aus Nürtingen"})
        sabine.ok("orders", "--release", order)
        sabine.sync()
        assert in_files(county.server.data, was) == set()
        was = [*was, *bodies(tom, person)]
        for cli in (tom, jana, county.admin, sabine):
            cli.sync()
        (line,) = sabine.ok("orders").lines
        assert (line["state"], line["asked"], line["confirmed"]) == ("carried_out", 4, 4)
        for cli in (jana, sabine, tom):
            assert [cli.run("show", "encounter", note).code for note in (notes[0], theirs, late)] == [6, 6, 6]
            assert cli.list("referral") == []
            assert cli.ok("doctor").json["ok"]
    assert in_files(county.place, was) == set()
    assert run("doctor", data=county.server.data).returncode == 0


def test_a_restored_server_erases_again_before_it_serves(county: County, tmp_path: Path) -> None:
    jana, sabine, tom = county.jana, county.sabine, county.tom
    person, _ = written(jana)
    with county.server.running():
        county.everyone_syncs()
        was = bodies(sabine, person)
        copy = tmp_path / "backup.db"
        assert run("backup", "--to", str(copy), data=county.server.data).returncode == 0
        order = jana.ok("erase", "person", person, "--reason", "consent_withdrawn").json["orders"][0]
        county.everyone_syncs()
        sabine.ok("orders", "--release", order)
        for cli in (sabine, jana, tom, county.admin) * 2:
            cli.sync()
    for file in county.server.data.rglob("*"):
        file.unlink()
    assert run("restore", "--from", str(copy), data=county.server.data).returncode == 0
    assert in_files(county.server.data, was) != set()
    with county.server.running():
        assert jana.run("sync", "--once").code in (0, 5)
        county.admin.sync()
        assert in_files(county.server.data, was) == set()
        for cli in (jana, sabine, tom, county.admin) * 2:
            cli.sync()
        newcomer = county.newcomer("nora", "Nora Neu", "outreach", "workmobil")
        for cli in (sabine, newcomer, sabine, newcomer):
            cli.sync()
        assert newcomer.list("young_person") == []
        assert all(line["state"] == "carried_out" for line in sabine.ok("orders").lines)
    assert in_files(county.place, was) == set()
    assert run("doctor", data=county.server.data).returncode == 0
    assert all(cli.ok("doctor").json["ok"] for cli in (jana, sabine, tom))


def test_a_name_that_slipped_in_is_taken_out_of_an_anonymous_note(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    slipped, harmless = jana.add("encounter", {"at": AT, "note": "Zaunkönig war da"}, {"at": AT, "note": "Am Bahnhof"})
    with county.server.running():
        county.everyone_syncs()
        told = jana.ok("redact", "encounter", slipped, "--reason", "Der Name Zaunkönig steht im Text.").json
        county.everyone_syncs()
        (line,) = sabine.ok("orders").lines
        assert (line["reason"], line["about"]) == ("other", [{"kind": "encounter", "id": slipped}])
        assert line["text"] == "Der Name Zaunkönig steht im Text."
        sabine.ok("orders", "--release", told["orders"][0])
        county.everyone_syncs()
    assert [line["id"] for line in jana.list("encounter")] == [harmless]
    assert jana.list("deletion_request") == []
    assert jana.ok("search", "Zaunkönig").lines == []
    assert run("doctor", data=county.server.data).returncode == 0


def test_refusals_explain_themselves(county: County) -> None:
    jana, tom, sabine = county.jana, county.tom, county.sabine
    person, _ = written(jana)
    assert jana.run("erase", "encounter", person, "--reason", "mistake").code == 2
    unknown = tom.run("erase", "person", person, "--reason", "mistake")
    assert unknown.code == 6
    own = sabine.add("young_person", {"alias": "Kauz", "site": "workmobil"})[0]
    order = sabine.ok("erase", "person", own, "--reason", "mistake").json["orders"][0]
    refused = sabine.run("orders", "--release", order)
    assert refused.code == 6
    assert "second person" in refused.err
    assert sabine.run("orders", "--decline", order).code == 6
    (declined,) = sabine.ok("orders", "--decline", order, "--reason", "Er kommt noch.").lines
    assert (declined["state"], declined["declined"], declined["declined_by"]) == (
        "declined", "Er kommt noch.", "Sabine Wolf"
    )  # fmt: skip
    (hold,) = sabine.add("retention_hold", {"person": own, "reason": "Verfahren", "until": "2099-01-01"})
    assert hold
    held = sabine.run("erase", "person", own, "--reason", "by_request")
    assert held.code == 6
    assert "2099-01-01" in held.err


def test_everything_held_about_somebody_is_handed_out_by_those_who_may(county: County, tmp_path: Path) -> None:
    jana, sabine = county.jana, county.sabine
    person, _ = written(jana)
    jana.add(
        "consent", {"person": person, "purpose": "support", "data_categories": ["contact"], "given_on": "2026-01-02"}
    )
    jana.ok("set", "young_person", person, "alias=Reiher")
    with county.server.running():
        county.everyone_syncs()
    refused = jana.run("disclose", "person", person, "--out", str(tmp_path / "no"))
    assert refused.code == 6
    assert "supervisors" in refused.err
    told = sabine.ok("disclose", "person", person, "--out", str(tmp_path / "out")).json
    assert told["to_check"] == 5
    pdf, document = (Path(file) for file in told["files"])
    assert pdf.read_bytes().startswith(b"%PDF")
    found = json.loads(document.read_text())
    assert [record["kind"] for record in found["records"]] == ["young_person", "consent", *["encounter"] * 5]
    (base,) = [record for record in found["records"] if record["kind"] == "young_person"]
    assert ("Jana Keller", "changed", ["Alias: Falke → Reiher"]) in [
        (step["who"], step["what"], step["changes"]) for step in base["history"]
    ]
    consent = next(record for record in found["records"] if record["kind"] == "consent")
    assert {"field": "purpose", "label": "Zweck", "words": "Begleitung", "check": False} in consent["fields"]
    assert {"group": "site", "site": "Workmobil", "members": ["Jana Keller", "Sabine Wolf"]} in found["access"]
    assert "Falke" not in str(pdf)
