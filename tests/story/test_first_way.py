"""The whole way, told through doors: A writes without network, B reviews, A answers; nobody else can read it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.county import Cli, County
from tests.serving import run

pytestmark = pytest.mark.processes
AT = "2026-11-20T14:52:00+01:00"


def timeless(cli: Cli, kind: str, record: str) -> dict[str, Any]:
    """A record as everybody must see it."""
    shown = cli.show(kind, record)
    return {name: value for name, value in shown.items() if name not in ("delivery", "devices")}


def test_an_encounter_noted_without_network_is_reviewed_and_answered(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    (falke,) = jana.add("young_person", {"alias": "Falke", "birth_year": 2009, "gender": "male"})
    (note,) = jana.add("encounter", {
        "at": AT, "place_note": "Bahnhof Plochingen", "people": [falke], "topics": ["school"], "mood": 3,
        "note": "Will die Schule nicht abbrechen.", "setting": "single",
    })  # fmt: skip
    step = {"title": "Praktikum besprechen", "due": "2026-11-26", "person": falke}
    (task,) = jana.add("task", {**step, "about_kind": "encounter", "about_id": note})
    assert jana.run("sync", "--once").code == 4
    with county.server.running():
        jana.sync()
        sabine.sync()
        assert timeless(sabine, "encounter", note) == timeless(jana, "encounter", note)
        assert sabine.show("task", task)["title"] == "Praktikum besprechen"

        (waiting,) = sabine.ok("review-queue").json
        assert (waiting["id"], waiting["author"], waiting["state"]) == (note, "Jana Keller", "open")
        asked = sabine.ok("review", note, "--verdict", "question", "--comment", "War das ein Erstkontakt?").json["id"]
        sabine.sync()
        jana.sync()
        (question,) = jana.ok("questions").json
        assert (question["review"], question["comment"], question["asker"]) == (
            asked,
            "War das ein Erstkontakt?",
            "Sabine Wolf",
        )

        jana.ok("answer", asked, "Ja, zum ersten Mal.")
        jana.ok("set", "encounter", note, "contact_type=first")
        jana.sync()
        sabine.sync()
        assert [line["state"] for line in sabine.ok("review-queue").json] == ["answered"]
        sabine.ok("review", note, "--verdict", "approved")
        assert sabine.ok("review-queue").json == []
        sabine.sync()
        jana.sync()
    assert jana.ok("questions").json == []
    assert jana.ok("history", "encounter", note).lines == sabine.ok("history", "encounter", note).lines
    for cli in (jana, sabine):
        status = cli.ok("status").json
        assert (status["waiting"], status["conflicts"], status["quarantined"]) == (0, 0, 0)


def test_nobody_reviews_their_own_records_or_without_the_role(county: County) -> None:
    (own,) = county.sabine.add("encounter", {"at": AT})
    refused = county.sabine.run("review", own, "--verdict", "approved")
    assert (refused.code, refused.err) == (6, "Nobody reviews their own records.\n")
    (note,) = county.jana.add("encounter", {"at": AT})
    assert county.jana.run("review", note, "--verdict", "approved").code == 6
    assert county.sabine.run("review", note, "--verdict", "approved").code == 6, "not here yet"


def test_sites_are_apart_and_administrators_are_no_readers(county: County) -> None:
    (mobile,) = county.jana.add("encounter", {"at": AT, "note": "am Bus"})
    (office,) = county.tom.add("encounter", {"at": AT, "note": "im Büro"})
    with county.server.running():
        for cli in (county.jana, county.tom, county.sabine, county.admin) * 2:
            cli.sync()
    assert {r["id"] for r in county.sabine.list("encounter")} == {mobile, office}
    assert [r["id"] for r in county.jana.list("encounter")] == [mobile]
    assert [r["id"] for r in county.tom.list("encounter")] == [office]
    assert county.admin.list("encounter") == []
    assert county.admin.ok("status").json["quarantined"] == 0


def test_a_colleague_who_joins_later_reads_what_was_before(county: County) -> None:
    (person,) = county.jana.add("young_person", {"alias": "Luna"})
    (before,) = county.jana.add("encounter", {"at": AT, "people": [person], "note": "vor der Zeit"})
    with county.server.running():
        county.everyone_syncs()
        aylin = county.newcomer("aylin", "Aylin Yıldız", "outreach", "workmobil")
        for cli in (county.jana, aylin, county.jana, aylin):
            cli.sync()
        assert aylin.show("encounter", before)["note"] == "vor der Zeit"
        (after,) = aylin.add("encounter", {"at": AT, "people": [person], "note": "von Aylin"})
        aylin.sync()
        county.everyone_syncs()
    assert county.jana.show("encounter", after)["note"] == "von Aylin"
    assert aylin.ok("status").json["quarantined"] == 0
    assert {d["name"] for d in county.jana.ok("devices").json} >= {"Aylin Yıldız"}


def test_two_versions_stay_until_somebody_decides(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    (note,) = jana.add("encounter", {"at": AT, "note": "Zusage.", "minutes": 10, "topics": ["training"]})
    with county.server.running():
        county.everyone_syncs()
        jana.ok("set", "encounter", note, "note=Zusage. Probetag am Montag.", "topics/mobility=true")
        sabine.ok("set", "encounter", note, "note=Zusage. Probetag am Mittwoch.", "topics/work=true", "minutes=20")
        jana.sync()
        assert sabine.sync()["conflicts"] == 1
        county.everyone_syncs()
        for cli in (jana, sabine):
            shown = cli.show("encounter", note)
            assert shown["conflicts"] == ["note"]
            assert (shown["topics"], shown["minutes"]) == (["mobility", "training", "work"], 20), (
                "sets and knowing edits agree"
            )
            standing = {item["new"] for item in cli.ok("history", "encounter", note).lines if item["conflict"]}
            assert standing == {"Zusage. Probetag am Montag.", "Zusage. Probetag am Mittwoch."}
        jana.ok("set", "encounter", note, "note=Zusage. Probetag am Mittwoch.")
        county.everyone_syncs()
    assert jana.show("encounter", note)["conflicts"] == sabine.show("encounter", note)["conflicts"] == []
    assert sabine.ok("status").json["conflicts"] == 0


def test_deleted_here_and_changed_there_is_nobodys_loss(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    (note,) = jana.add("encounter", {"at": AT, "note": "Anfang"})
    with county.server.running():
        county.everyone_syncs()
        jana.ok("delete", "encounter", note)
        sabine.ok("set", "encounter", note, "note=Noch wichtig")
        county.everyone_syncs()
        for cli in (jana, sabine):
            assert [record["note"] for record in cli.list("encounter")] == ["Noch wichtig"]
            assert cli.ok("status").json["conflicts"] == 1
        sabine.ok("set", "encounter", note, "deleted=false")
        county.everyone_syncs()
    assert jana.ok("status").json["conflicts"] == 0


def test_three_weeks_of_work_cross_the_network_whole_and_in_order(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    days = [f"2026-11-{day:02}T{hour:02}:00:00+01:00" for day in range(1, 21) for hour in range(8, 20)]
    written = jana.add("encounter", *({"at": at, "note": f"Nr. {n}"} for n, at in enumerate(days)))
    with county.server.running():
        told = jana.sync()
        assert told["pushed"] >= len(days)
        sabine.sync()
    assert [record["id"] for record in reversed(sabine.list("encounter"))] == written


def test_a_restored_server_gets_back_what_it_lost(county: County) -> None:
    jana, sabine = county.jana, county.sabine
    (before,) = jana.add("encounter", {"at": AT, "note": "vor der Sicherung"})
    with county.server.running():
        county.everyone_syncs()
        run("backup", "--to", str(county.place / "backup"), data=county.server.data)
        (after,) = jana.add("encounter", {"at": AT, "note": "nach der Sicherung"})
        county.everyone_syncs()
    county.server.data.rename(county.place / "verloren")
    restored = run("restore", "--from", str(county.place / "backup"), data=county.server.data)
    assert restored.returncode == 0, restored.stderr
    with county.server.running():
        county.admin.sync()
        for _ in range(3):
            county.everyone_syncs()
        late = county.newcomer("aylin", "Aylin Yıldız", "outreach", "workmobil")
        for cli in (jana, late, sabine, jana, late):
            cli.sync()
        assert {record["id"] for record in late.list("encounter")} == {before, after}
    assert jana.ok("status").json["waiting"] == 0
