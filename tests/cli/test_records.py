"""set, delete, show, list, search, history, status, report, doctor: on one device without a server."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.county import Cli, County

AT = "2026-11-20T14:52:00+01:00"


def test_set_takes_json_or_text(jana: Cli) -> None:
    (record,) = jana.add("encounter", {"at": AT, "topics": ["school"]})
    jana.ok(
        "set",
        "encounter",
        record,
        "minutes=20",
        "note=Einfach so",
        'topics=["housing","debts"]',
        "actions/advised=true",
    )
    shown = jana.show("encounter", record)
    assert (shown["minutes"], shown["note"]) == (20, "Einfach so")
    assert (shown["topics"], shown["actions"]) == (["debts", "housing"], ["advised"])
    jana.ok("set", "encounter", record, "minutes=null")
    assert jana.show("encounter", record)["minutes"] is None


@pytest.mark.parametrize(("value", "code"), [("minutes=viel", 6), ("gibtsnicht=1", 6), ("minutes", 2), ("=1", 2)])
def test_set_says_what_is_wrong(jana: Cli, value: str, code: int) -> None:
    (record,) = jana.add("encounter", {"at": AT})
    assert jana.run("set", "encounter", record, value).code == code


@pytest.mark.parametrize("record", ["keine-id", "01890000-0000-7000-8000-000000000000"])
def test_unknown_ids_are_refused(jana: Cli, record: str) -> None:
    for command in (("show", "encounter"), ("history", "encounter"), ("delete", "encounter")):
        result = jana.run(*command, record)
        assert (result.code, bool(result.err)) == (6, True)


def test_deleted_is_hidden_kept_and_restored(jana: Cli) -> None:
    (record,) = jana.add("encounter", {"at": AT, "note": "weg"})
    jana.ok("delete", "encounter", record)
    assert jana.list("encounter") == []
    assert jana.show("encounter", record)["deleted"] is True
    jana.ok("set", "encounter", record, "deleted=false")
    assert [found["id"] for found in jana.list("encounter")] == [record]


def test_list_filters_and_orders(jana: Cli) -> None:
    old, new = jana.add(
        "encounter",
        {"at": "2026-02-01T10:00:00+01:00", "topics": ["housing"], "minutes": 5},
        {"at": "2026-03-01T10:00:00+01:00", "topics": ["housing", "school"], "place": "street"},
    )
    assert [r["id"] for r in jana.list("encounter")] == [new, old]
    assert [r["id"] for r in jana.list("encounter", "--since", "2026-02-15")] == [new]
    assert [r["id"] for r in jana.list("encounter", "--where", "topics=school")] == [new]
    assert [r["id"] for r in jana.list("encounter", "--where", "topics=housing", "--where", "minutes=5")] == [old]
    assert [r["id"] for r in jana.list("encounter", "--where", "place=null")] == [old]
    assert [r["id"] for r in jana.list("encounter", "--where", "site=workmobil", "--limit", "1")] == [new]
    assert jana.list("encounter", "--where", "site=jugendbuero-nuertingen") == []
    assert jana.run("list", "encounter", "--where", "head_counts=1").code == 6
    assert jana.run("list", "encounter", "--since", "neulich").code == 2


def test_search_finds_the_beginnings_of_words(jana: Cli) -> None:
    jana.add("encounter", {"at": AT, "note": "Am Bahnhof Plochingen gewartet"}, {"at": AT, "note": "etwas anderes"})
    found = jana.ok("search", "bahnh ploch").lines
    assert [(line["kind"], line["title"] or line["snippet"]) for line in found if line["kind"] != "encounter"] == [
        ("stop", "Bahnhof Plochingen")
    ]
    assert [line["snippet"] for line in found if line["kind"] == "encounter"] == ["Am Bahnhof Plochingen gewartet"]


def test_history_has_who_when_what(jana: Cli) -> None:
    (record,) = jana.add("encounter", {"at": AT, "note": "Erst"})
    jana.ok("set", "encounter", record, "note=Dann")
    newest, *older = jana.ok("history", "encounter", record).lines
    assert (newest["field"], newest["old"], newest["new"], newest["who"]) == ("note", "Erst", "Dann", "Jana Keller")
    assert (newest["label"], newest["stands"], newest["conflict"]) == ("Notiz", True, False)
    assert next(item for item in older if item["field"] == "note")["stands"] is False


def test_status_counts_what_waits(jana: Cli) -> None:
    before = jana.ok("status").json
    jana.add("encounter", {"at": AT})
    after = jana.ok("status").json
    assert set(after) >= {
        "locked",
        "waiting",
        "confirmed",
        "last_contact",
        "clock_offset_s",
        "conflicts",
        "quarantined",
    }
    assert (before["waiting"], after["locked"]) == (0, False)
    assert after["waiting"] > 0


def test_without_a_profile(tmp_path: Path) -> None:
    result = Cli(tmp_path / "leer").run("status")
    assert (result.code, "goes-mobile enrol" in result.err) == (6, True)


@pytest.mark.parametrize("wanted", ["json", "csv", "xlsx", "pdf"])
def test_a_report_in_every_format(jana: Cli, tmp_path: Path, wanted: str) -> None:
    jana.add("encounter", *({"at": AT, "topics": ["housing"], "work_form": "street_work"} for _ in range(6)))
    target = tmp_path / f"report.{wanted}"
    told = jana.ok(
        "report", "funder", "--from", "2026-11-01", "--to", "2026-11-30", "--format", wanted, "--out", str(target)
    ).json
    content = target.read_bytes()
    assert (told["bytes"], oct(target.stat().st_mode)[-3:]) == (len(content), "600")
    if wanted == "json":
        document = json.loads(content)
        assert (document["figures"]["encounters"]["value"], document["check_sum"]) == (6, told["check_sum"])
    elif wanted == "csv":
        rows = {(r["table"], r["code"]): r["shown"] for r in csv.DictReader(io.StringIO(content.decode()))}
        assert rows["topic", "housing"] == "6"
    else:
        assert content[:4] == {"xlsx": b"PK\x03\x04", "pdf": b"%PDF"}[wanted]


def test_the_report_of_who_may_get_lost(jana: Cli, tmp_path: Path) -> None:
    falke, luna = jana.add("young_person", {"alias": "Falke"}, {"alias": "Luna"})
    jana.add("case", *({"person": person, "starts": "2026-11-02"} for person in (falke, luna)))
    told = {"person": luna, "reason": "no_step", "because": "clinic", "until": "2199-12-31"}
    jana.add("explanation", told)
    target = tmp_path / "lost.json"
    jana.ok("report", "lost", "--from", "2026-11-01", "--to", "2026-11-30", "--out", str(target))
    said = json.loads(target.read_bytes())
    assert {code: figure["value"] for code, figure in said["figures"].items() if figure["value"]} == {
        "no_step": 1, "open": 1, "rests": 1
    }  # fmt: skip
    assert [row["label"] for row in said["tables"]["list"]["rows"]] == [
        "Falke · ohne nächsten Schritt", "Luna · ohne nächsten Schritt · ruht bis 31.12.2199: in einer Klinik"
    ]  # fmt: skip
    assert [(row["label"], row["no_step"]["value"]) for row in said["tables"]["site"]["rows"]] == [("Workmobil", 1)]


def test_a_report_can_be_repeated(jana: Cli, tmp_path: Path) -> None:
    jana.add("encounter", *({"at": AT} for _ in range(7)))
    sums = [
        jana.ok("report", "funder", "--from", "2026-11-01", "--to", "2026-11-30", "--out", str(tmp_path / str(n))).json[
            "check_sum"
        ]
        for n in (1, 2)
    ]
    assert len(set(sums)) == 1
    jana.add("encounter", {"at": AT})
    again = jana.ok("report", "funder", "--from", "2026-11-01", "--to", "2026-11-30", "--out", str(tmp_path / "3")).json
    assert again["check_sum"] not in sums


def test_wrong_report_arguments(jana: Cli, tmp_path: Path) -> None:
    out = str(tmp_path / "r")
    assert jana.run("report", "funder", "--from", "gestern", "--to", "2026-11-30", "--out", out).code == 2
    assert jana.run("report", "gibtsnicht", "--from", "2026-11-01", "--to", "2026-11-30", "--out", out).code == 2
    assert (
        jana.run(
            "report", "funder", "--from", "2026-11-01", "--to", "2026-11-30", "--site", "nirgends", "--out", out
        ).code
        == 2
    )
    assert jana.run("report", "funder", "--from", "2026-12-01", "--to", "2026-11-30", "--out", out).code == 6
    assert jana.run("report", "funder", "--from", "2026-11-01", "--to", "2026-11-30", "--out", f"{out}/x/y").code == 2


def test_doctor_finds_nothing_wrong(jana: Cli) -> None:
    jana.add("encounter", {"at": AT, "note": "Eins"})
    told = jana.ok("doctor").json
    assert (told["ok"], told["projection"], told["problems"]) == (True, "same", [])
    assert told["records"] > 0
    locked = jana.run("doctor", pin=None)
    assert (locked.code, locked.json["projection"]) == (0, "locked")


def test_devices_are_listed(county: County) -> None:
    told = county.admin.ok("devices").json
    assert {(d["name"], d["role"]) for d in told} == {
        ("Ada Amann", "admin"), ("Jana Keller", "outreach"), ("Tom Brandt", "office"), ("Sabine Wolf", "supervisor")
    }  # fmt: skip
    assert [d["name"] for d in told if d["here"]] == ["Ada Amann"]
