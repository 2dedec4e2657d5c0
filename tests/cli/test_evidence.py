"""What a device can show about its server, written down and checked by somebody who has nothing else."""

from __future__ import annotations

import json

from goes_mobile.protocol.problems import Damaged
from tests.cli.county import Cli, County


def test_evidence_is_written_locked_or_not_and_checked_without_a_profile(county: County) -> None:
    county.jana.add("encounter", {"note": "Nichts davon steht darin", "at": "2026-11-23T14:00:00+01:00"})
    with county.server.running():
        county.jana.sync()
    locked = Cli(county.jana.home, pin=None)
    for cli, name in ((county.jana, "offen.json"), (locked, "gesperrt.json")):
        file = county.place / name
        assert cli.ok("doctor", "--evidence", str(file)).json["ok"]
        content = file.read_text()
        assert "Nichts davon" not in content
        assert "Jana" not in content
        told = Cli(county.place / "nobody").ok("check-evidence", str(file)).json
        assert (told["ok"], told["proven"], told["wrong"]) == (True, [], [])
        assert told["receipts"] > 0
        assert told["entries"] > 0
    assert not (county.place / "nobody").exists()


def test_changed_evidence_and_what_is_none_are_told(county: County) -> None:
    file = county.place / "nachweis.json"
    county.jana.ok("doctor", "--evidence", str(file))
    shown = json.loads(file.read_text())
    shown["receipts"][0] = shown["receipts"][0][:-8] + "AAAAAAA="
    file.write_text(json.dumps(shown))
    changed = county.tom.run("check-evidence", str(file))
    assert (changed.code, "contradicts itself" in changed.err) == (Damaged.exit_code, True)
    assert county.tom.run("check-evidence", str(county.place / "fehlt.json")).code == 2
    file.write_text("kein Nachweis")
    refused = county.tom.run("check-evidence", str(file))
    assert (refused.code, refused.out) == (6, "")
    assert county.jana.run("doctor", "--evidence", str(county.place / "kein" / "Ordner.json")).code == 2
