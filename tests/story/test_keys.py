"""Keys in daily life on PostgreSQL: a lost tablet, a forgotten passphrase, a parcel, an erasure, the sheet.

Each of them has its own story on the embedded database; here they follow one another in one county.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.county import Cli, County, free_port
from tests.serving import run

pytestmark = pytest.mark.processes
AT = "2026-11-20T14:52:00+01:00"
NEW = "ganz neu ausgedacht"


def test_a_year_of_keys(tmp_path: Path, postgres_url: str) -> None:
    county = County(tmp_path, free_port(), postgres_url)
    county.found()
    jana, tom, sabine, admin = county.jana, county.tom, county.sabine, county.admin
    with county.server.running():
        lost = county.newcomer("lost", "Lena Lang", "outreach", "workmobil")
        (person,) = jana.add("young_person", {"alias": "Falke"})
        (note,) = jana.add("encounter", {"at": AT, "people": [person], "note": "am Bus"})
        county.everyone_syncs()
        lost.sync()
        assert lost.show("encounter", note)["note"] == "am Bus"

        # The tablet is lost with something unsent on it; it erases itself, its work waits for a decision.
        (late,) = lost.add("encounter", {"at": AT, "note": "im Funkloch"})
        admin.sync()
        device = next(d["device"] for d in admin.ok("devices").json if d["name"] == "Lena Lang")
        admin.ok("revoke", device, "--reason", "lost")
        (after,) = jana.add("encounter", {"at": AT, "people": [person], "note": "danach"})
        county.everyone_syncs()
        assert lost.run("sync", "--once").code == 5
        assert not (lost.home / "journal.db").exists()
        county.everyone_syncs()
        assert late not in [line["id"] for line in sabine.list("encounter")]
        assert sabine.show("encounter", after)["note"] == "danach"

        # A forgotten passphrase: what was never sent is still there, and goes by hand to the server.
        (unsent,) = jana.add("encounter", {"at": AT, "note": "noch auf dem Tablet"})
        forgetful = Cli(jana.home, NEW)
        code = forgetful.ok("unlock-reset").json["code"]
        answer = sabine.ok("unlock-reset", "--for", code).json["answer"]
        forgetful.ok("unlock-reset", "--answer", answer)
        card = tmp_path / "karte.goes"
        forgetful.ok("parcel", "out", str(card))
        tom.ok("parcel", "in", str(card))
        tom.sync()
        sabine.sync()
        assert sabine.show("encounter", unsent)["note"] == "noch auf dem Tablet"

        # Erased by two, everywhere.
        (order,) = forgetful.ok("erase", "person", person, "--reason", "by_request").json["orders"]
        forgetful.sync()
        sabine.sync()
        sabine.ok("orders", "--release", order)
        for cli in (sabine, forgetful, tom, admin) * 2:
            cli.sync()
        assert [line["state"] for line in sabine.ok("orders").lines] == ["carried_out"]
        for cli in (forgetful, sabine):
            assert person not in [line["id"] for line in cli.list("young_person")]

        # All is lost but the sheet of paper.
        sheet = tmp_path / "blatt.txt"
        sheet.write_text(f"Server: {county.server.url}\n{county.sheet}\n")
        found = Cli(tmp_path / "found")
        assert found.ok("recover", "--sheet", str(sheet)).json["handed_out"] > 0
        assert found.show("encounter", unsent)["note"] == "noch auf dem Tablet"
        assert after not in [line["id"] for line in found.list("encounter")]
        for cli in (forgetful, sabine, tom, found):
            cli.sync()
            assert cli.ok("doctor").json["ok"]
    assert run("doctor", data=county.server.data, database_url=postgres_url).returncode == 0
