"""A forgotten passphrase, lost devices, the sheet: with a real server."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from goes_mobile.protocol.codes import RecoverySheet
from tests.cli.county import BIN, Cli, County

pytestmark = pytest.mark.processes
NEW = "ganz neu ausgedacht"
AT = "2026-11-20T14:52:00+01:00"


def forgets(cli: Cli) -> Cli:
    """The same device, whose member knows only what they choose now."""
    return Cli(cli.home, NEW)


def test_a_supervisor_lets_a_colleague_in_and_what_waited_is_delivered(county: County) -> None:
    (note,) = county.jana.add("encounter", {"at": AT, "note": "noch nicht gesendet"})
    jana = forgets(county.jana)
    assert jana.run("status").code == 3
    code = jana.ok("unlock-reset").json["code"]
    helped = county.sabine.ok("unlock-reset", "--for", code)
    told = helped.json
    assert (told["name"], "only to Jana Keller" in helped.err) == ("Jana Keller", True)
    done = jana.ok("unlock-reset", "--answer", told["answer"]).json
    assert done["reset"]
    assert done["waiting"] >= 1
    with county.server.running():
        jana.sync()
        county.sabine.sync()
    assert county.sabine.show("encounter", note)["note"] == "noch nicht gesendet"
    assert county.jana.run("list", "encounter").code == 3


def test_who_may_not_help_is_told_why(county: County) -> None:
    code = forgets(county.jana).ok("unlock-reset").json["code"]
    refused = county.tom.run("unlock-reset", "--for", code)
    assert (refused.code, "A supervisor of its site" in refused.err) == (6, True)
    groups = code.split("-")
    groups[3] = "0000Z" if groups[3] != "0000Z" else "00000"
    typo = county.sabine.run("unlock-reset", "--for", "-".join(groups))
    assert (typo.code, "group 4" in typo.err) == (6, True)


def test_the_sheet_helps_in_the_administrators_hands(county: County) -> None:
    words = county.place / "blatt.txt"
    jana = forgets(county.jana)
    code = jana.ok("unlock-reset").json["code"]
    words.write_text(RecoverySheet(bytes(32)).words)
    assert "another organisation" in county.admin.run("unlock-reset", "--for", code, "--sheet", str(words)).err
    words.write_text(f"Wiederherstellungsblatt, 24.11.2026\n\n{county.sheet}\n\nServer: {county.server.url}\n")
    answer = county.admin.ok("unlock-reset", "--for", code, "--sheet", str(words)).json["answer"]
    jana.ok("unlock-reset", "--answer", answer)
    assert jana.ok("status").code == 0


def test_wrong_usage(county: County) -> None:
    assert county.jana.run("unlock-reset", "--for", "A", "--answer", "B").code == 2
    assert county.jana.run("unlock-reset", "--sheet", str(county.place / "fehlt")).code == 2


# -- all devices are lost -----------------------------------------------------------------------------------------


def sheet_file(county: County, words: str | None = None) -> str:
    file = county.place / "blatt.txt"
    file.write_text(f"Wiederherstellungsblatt\nServer: {county.server.url}\n\n{words or county.sheet}\n")
    return str(file)


def test_the_drill_everything_is_lost_but_the_sheet(county: County) -> None:
    (luna,) = county.jana.add("young_person", {"alias": "Luna"})
    (mobile,) = county.jana.add("encounter", {"at": AT, "people": [luna], "note": "am Bus"})
    (office,) = county.tom.add("encounter", {"at": AT, "note": "im Büro"})
    with county.server.running():
        county.everyone_syncs()
        new = Cli(county.place / "new")
        told = new.ok("recover", "--sheet", sheet_file(county)).json
        assert told["name"] == "Ada Amann"
        assert told["handed_out"] > 0
        assert new.show("encounter", mobile)["note"] == "am Bus"
        assert new.show("encounter", office)["note"] == "im Büro"
        assert new.show("young_person", luna)["alias"] == "Luna"
        assert new.ok("status").json["quarantined"] == 0

        (after,) = new.add("encounter", {"at": AT, "note": "danach", "site": new.show("encounter", mobile)["site"]})
        county.admin = new
        aylin = county.newcomer("aylin", "Aylin Yıldız", "supervisor", "workmobil")
        again = new.ok("recover", "--sheet", sheet_file(county)).json
        assert again["device"] == told["device"]
        assert again["handed_out"] > 0, "the supervisors' keys, which no administrator may hold"
        for cli in (new, aylin):
            cli.sync()
        assert {record["id"] for record in aylin.list("encounter")} == {mobile, after}
        assert new.ok("recover", "--sheet", sheet_file(county)).json["handed_out"] == 0

        county.jana.sync()
        assert after in {record["id"] for record in county.jana.list("encounter")}, "whoever was not lost goes on"
        code = forgets(county.jana).ok("unlock-reset").json["code"]
        aylin.sync()
        answer = aylin.ok("unlock-reset", "--for", code).json["answer"]
        forgets(county.jana).ok("unlock-reset", "--answer", answer)


def test_the_server_was_restored_too_and_no_administrators_device_is_left(county: County) -> None:
    (before,) = county.jana.add("encounter", {"at": AT, "note": "vor der Sicherung"})
    with county.server.running():
        county.jana.sync()
    backup = county.place / "backup"
    administer(county, "backup", "--to", str(backup))
    (after,) = county.jana.add("encounter", {"at": AT, "note": "nach der Sicherung"})
    with county.server.running():
        county.jana.sync()
    shutil.rmtree(county.server.data)
    administer(county, "restore", "--from", str(backup))
    with county.server.running():
        new = Cli(county.place / "new")
        assert new.ok("recover", "--sheet", sheet_file(county)).json["handed_out"] > 0
        assert new.show("encounter", before)["note"] == "vor der Sicherung"
        for cli in (county.jana, new):
            cli.sync()
        assert new.show("encounter", after)["note"] == "nach der Sicherung", "whoever was not lost sends it again"


def administer(county: County, *arguments: str) -> None:
    command = [BIN / "goes-sync-server", *arguments, "--data", str(county.server.data)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_recovery_goes_on_after_an_interruption(county: County) -> None:
    new = Cli(county.place / "new")
    assert new.run("recover", "--sheet", sheet_file(county)).code == 4
    with county.server.running():
        first = new.ok("recover", "--sheet", sheet_file(county)).json
        second = new.ok("recover", "--sheet", sheet_file(county)).json
    assert (first["device"], second["handed_out"]) == (second["device"], 0)


def test_a_wrong_sheet_is_told(county: County) -> None:
    new = Cli(county.place / "new")
    groups = county.sheet.split("-")
    groups[10] = "0000Z" if groups[10] != "0000Z" else "00000"
    typo = new.run("recover", "--sheet", sheet_file(county, "-".join(groups)))
    assert (typo.code, "group 11" in typo.err) == (6, True)
    foreign = sheet_file(county, RecoverySheet(bytes(range(32))).words)
    with county.server.running():
        assert new.run("recover", "--sheet", foreign).code == 5
        assert not (new.home / "journal.db").exists()
        refused = county.admin.run("recover", "--sheet", foreign)
        assert (refused.code, "another organisation" in refused.err) == (6, True)
    bare = county.place / "nur-worte.txt"
    bare.write_text(county.sheet)
    assert new.run("recover", "--sheet", str(bare)).code == 2
