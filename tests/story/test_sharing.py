"""A file goes from the Workmobil to a Jugendbüro and back, with real profiles and a real server process: what is
granted opens whole, what is ended opens no more, and nothing else of a site is ever readable at the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.streams import StreamRef
from goes_mobile.store.identity import Identity
from goes_mobile.store.journal import Journal
from tests.cli.county import Cli, County, copy, free_port
from tests.serving import run

pytestmark = pytest.mark.processes
AT = "2026-11-20T14:52:00+01:00"


@pytest.fixture(params=["sqlite", "postgres"])
def any_county(request: pytest.FixtureRequest, tmp_path: Path) -> County:
    if request.param == "sqlite":
        return copy(request.getfixturevalue("founded"), tmp_path / "county")
    made = County(tmp_path / "county", free_port(), request.getfixturevalue("postgres_url"))
    made.found()
    return made


def bodies(cli: Cli, *people: str) -> set[bytes]:
    """What is sealed in these files, as it lies on a disk."""
    journal = Journal(cli.home / "journal.db")
    try:
        organisation = Identity.load(journal.get("identity")).organisation
        streams = {StreamRef("person", person).id(organisation) for person in people}
        found = [decode(raw) for (raw,) in journal.db.execute("SELECT raw FROM entry WHERE suite=1")]
        return {entry.body for entry in found if entry.header.stream in streams and entry.body is not None}
    finally:
        journal.close()


def held_of(cli: Cli) -> dict[str, int]:
    return {kind: len(cli.list(kind)) for kind in ("young_person", "encounter", "referral")}


def test_there_and_back(any_county: County) -> None:
    county = any_county
    jana, tom, sabine = county.jana, county.tom, county.sabine
    falke, kauz = jana.add("young_person", {"alias": "Falke", "birth_year": 2009}, {"alias": "Kauz"})
    jana.add("encounter", *({"at": AT, "people": [falke], "note": f"Nummer {n}"} for n in range(5)))
    jana.add("encounter", {"at": AT, "people": [kauz]}, {"at": AT, "note": "Anonym am Bahnhof"})
    with county.server.running():
        county.everyone_syncs()
        assert held_of(tom) == {"young_person": 0, "encounter": 0, "referral": 0}
        told = jana.ok(
            "share", "person", falke, "--with", "jugendbuero-nuertingen", "--reason", "wohnt jetzt dort"
        ).json
        assert (told["state"], told["mode"], told["closed"]) == ("offered", "shared", False)
        county.everyone_syncs()
        assert held_of(tom) == {"young_person": 1, "encounter": 5, "referral": 1}
        assert tom.show("young_person", falke)["alias"] == "Falke"
        assert jana.run("share", "person", falke, "--accept").code == 6
        assert tom.ok("share", "person", falke, "--accept").json["state"] == "shared"
        toms = tom.add("encounter", {"at": AT, "people": [falke], "note": "Im Jugendbüro"})[0]
        county.everyone_syncs()
        assert jana.show("encounter", toms)["note"] == "Im Jugendbüro"

        ended = jana.ok("share", "person", falke, "--end", "kommt wieder zu uns").json
        assert (ended["state"], ended["closed"]) == ("ended", False)
        jana.sync()
        after = jana.add("encounter", {"at": AT, "people": [falke], "note": "Danach"})[0]
        # Tom has not heard of it yet.
        late = tom.add("encounter", {"at": AT, "people": [falke], "note": "Noch aus Nürtingen"})[0]
        county.everyone_syncs()
        assert tom.run("show", "encounter", after).code == 6
        assert tom.list("referral")[0]["ended_because"] == "kommt wieder zu uns"
        refused = tom.run("add", "task", stdin=f'{{"title": "Anrufen", "person": "{falke}"}}')
        assert (refused.code, "handed over, or is shared no more" in refused.err) == (6, True)
        assert jana.run("show", "encounter", late).code == 6
        assert jana.ok("status").json["quarantined"] == 1
        assert bodies(tom, falke) < bodies(jana, falke)
        assert not bodies(tom, kauz)
        assert bodies(jana, kauz)
        assert (tom.ok("doctor").json["ok"], jana.ok("doctor").json["ok"]) == (True, True)
        assert tom.sync()["quarantined"] == 0
    assert run("doctor", data=county.server.data, database_url=county.database_url).returncode == 0
    assert held_of(sabine)["young_person"] == 2


def test_handed_over_and_declined(county: County) -> None:
    jana, tom = county.jana, county.tom
    falke, kauz = jana.add("young_person", {"alias": "Falke", "birth_year": 2009}, {"alias": "Kauz"})
    with county.server.running():
        jana.ok("share", "person", falke, "--with", "jugendbuero-nuertingen", "--mode", "handed_over")
        jana.ok("share", "person", kauz, "--with", "jugendbuero-nuertingen")
        county.everyone_syncs()
        assert tom.ok("share", "person", falke, "--accept").json["state"] == "handed_over"
        assert tom.ok("share", "person", kauz, "--decline", "kein Platz").json["state"] == "declined"
        tom.add("encounter", {"at": AT, "people": [falke], "note": "Nur noch hier"})
        county.everyone_syncs()
        assert jana.show("young_person", falke)["site"] == tom.show("young_person", falke)["site"]
        assert jana.run("set", "young_person", falke, "alias=Habicht").code == 6
        assert jana.list("encounter") == []
        assert {r["declined_because"] for r in jana.list("referral")} == {"", "kein Platz"}
        jana.ok("set", "young_person", kauz, "alias=Uhu")
        county.everyone_syncs()
        assert tom.show("young_person", kauz)["alias"] == "Kauz"
        assert tom.ok("share", "person", falke, "--with", "workmobil").json["state"] == "offered"
        county.everyone_syncs()
        assert [note["note"] for note in jana.list("encounter")] == ["Nur noch hier"]
        assert jana.ok("share", "person", falke, "--accept").json["state"] == "shared"
        jana.ok("set", "young_person", falke, "alias=Habicht")
        county.everyone_syncs()
        assert tom.show("young_person", falke)["alias"] == "Habicht"
        assert tom.sync()["quarantined"] == jana.sync()["quarantined"] == 0
