"""A forgotten passphrase, on two devices and a real server."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.codes import RecoverySheet
from tests.cli.county import Cli, County

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
    assert (refused.code, "You do not supervise" in refused.err) == (6, True)
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
