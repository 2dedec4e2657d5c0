"""A tablet without network: its work goes on a memory card to a colleague's phone, from there to the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.county import Cli, County

AT = "2026-11-20T14:52:00+01:00"
IN = {"entries", "new", "known", "carried", "held", "refused"}


def out(cli: Cli, file: Path, pin: str | None = "") -> dict[str, int]:
    result = cli.run("parcel", "out", str(file), "--json", pin=pin)
    assert result.code == 0, result
    told: dict[str, int] = result.json
    return told


def taken(cli: Cli, file: Path, pin: str | None = "") -> dict[str, int]:
    result = cli.run("parcel", "in", str(file), "--json", pin=pin)
    assert result.code == 0, result
    told: dict[str, int] = result.json
    return told


@pytest.mark.processes
def test_from_the_tablet_by_hand_to_the_supervisor(county: County, tmp_path: Path) -> None:
    card = tmp_path / "karte.parcel"
    with county.server.running():
        kim = county.newcomer("kim", "Kim Vogel", "outreach", "workmobil")
        kim.sync()
        county.sabine.sync()
        kim.sync()
    (record,) = county.jana.add("encounter", {"at": AT, "place_note": "Bahnhof Plochingen"})
    told = out(county.jana, card, pin=None)
    assert (told["file"], told["bytes"]) == (str(card), card.stat().st_size)
    assert told["entries"] > 0
    assert b"Plochingen" not in card.read_bytes()
    assert county.jana.ok("status").json["waiting"] == 1

    assert set(taken(kim, card, pin=None)) == IN
    again = taken(kim, card)
    assert (again["new"], again["known"] + again["held"]) == (0, told["entries"])
    assert kim.ok("status").json["waiting"] == 0
    with county.server.running():
        assert kim.run("sync", "--once", pin=None).code == 0
        county.sabine.sync()
        assert [line["where"] for line in county.sabine.ok("review-queue").json] == ["Bahnhof Plochingen"]
        delivered = county.sabine.ok("status").json["confirmed"]
        county.jana.sync()
        county.sabine.sync()
    assert county.jana.ok("status").json["waiting"] == 0
    assert county.jana.show("encounter", record)["delivery"] in ("server", "devices")
    assert len(county.sabine.list("encounter")) == 1
    assert county.sabine.ok("status").json["confirmed"] == delivered
    assert out(county.jana, card)["entries"] == 0


@pytest.mark.processes
def test_a_device_of_another_site_carries_what_it_may_not_read(county: County, tmp_path: Path) -> None:
    card = tmp_path / "karte.parcel"
    county.jana.add("encounter", {"at": AT, "place_note": "Bahnhof Plochingen"})
    told = out(county.jana, card)
    carried = taken(county.tom, card)
    assert (carried["carried"] + carried["new"], carried["refused"], carried["held"]) == (told["entries"], 0, 0)
    assert county.tom.list("encounter") == []
    status = county.tom.ok("status").json
    assert (status["waiting"], status["quarantined"]) == (0, 0)
    with county.server.running():
        county.tom.sync()
        county.sabine.sync()
    assert [line["where"] for line in county.sabine.ok("review-queue").json] == ["Bahnhof Plochingen"]
    assert county.tom.ok("doctor").json["ok"]


def test_a_damaged_a_cut_and_a_foreign_file_are_explained(jana: Cli, tmp_path: Path) -> None:
    card = tmp_path / "karte.parcel"
    jana.add("encounter", {"at": AT})
    out(jana, card)
    whole = card.read_bytes()
    for content, told in (
        (whole[:-10], "damaged or cut"),
        (whole[:60] + b"?" + whole[61:], "damaged or cut"),
        (b"%PDF-1.7", "no parcel"),
        (b"", "no parcel"),
    ):
        card.write_bytes(content)
        result = jana.run("parcel", "in", str(card))
        assert (result.code, told in result.err, result.out) == (6, True, "")
    card.write_bytes(whole)
    assert taken(jana, card)["new"] == 0


def test_files_that_are_not_there(jana: Cli, tmp_path: Path) -> None:
    assert jana.run("parcel", "in", str(tmp_path / "fehlt")).code == 2
    assert jana.run("parcel", "out", str(tmp_path / "fehlt" / "karte")).code == 2
