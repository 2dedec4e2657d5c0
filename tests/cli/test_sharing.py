"""`share`: one deed at a time, understandable refusals, and an agreement that is on record."""

from __future__ import annotations

import pytest

from tests.cli.county import Cli

pytestmark = pytest.mark.processes


def test_offering_records_what_was_agreed(jana: Cli) -> None:
    (person,) = jana.add("young_person", {"alias": "Falke", "birth_year": 2009})
    offered = jana.ok("share", "person", person, "--with", "jugendbuero-nuertingen")
    assert "spoken agreement" in offered.err
    assert offered.json["with"] == "Jugendbüro Nürtingen"
    (consent,) = jana.list("consent")
    assert (consent["purpose"], consent["form"]) == ("handover", "spoken")
    again = jana.run("share", "person", person, "--with", "jugendbuero-nuertingen")
    assert (again.code, again.err) == (6, "That site can read this file already.\n")


def test_refusals_explain_themselves(jana: Cli) -> None:
    (person,) = jana.add("young_person", {"alias": "Falke"})
    assert jana.run("share", "person", person).code == 2
    assert jana.run("share", "person", person, "--accept", "--end", "x").code == 2
    assert jana.run("share", "person", person, "--with", "nirgendwo").code in (2, 6)
    own = jana.run("share", "person", person, "--with", "workmobil")
    assert (own.code, own.err) == (6, "That site can read this file already.\n")
    nobody = jana.run("share", "person", person, "--with", "jugendbuero-kirchheim")
    assert nobody.code == 6
    assert "Nobody has been invited" in nobody.err or "no such site" in nobody.err
    assert jana.run("share", "person", person, "--accept").err == (
        "This file is not offered to or shared with another site.\n"
    )
    child = jana.add("young_person", {"alias": "Spatz", "birth_year": 2014})[0]
    guardian = jana.run("share", "person", child, "--with", "jugendbuero-nuertingen")
    assert guardian.code == 6
    jana.ok("share", "person", child, "--with", "jugendbuero-nuertingen", "--guardian", "Frau Spatz")
    direct = jana.run("add", "referral", stdin='{"person": "x"}')
    assert direct.code == 6
