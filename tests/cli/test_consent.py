"""A consent and two devices that know different things of it."""

from __future__ import annotations

import pytest

from tests.cli.county import County

pytestmark = pytest.mark.processes


def test_a_withdrawal_closes_on_every_device_what_one_still_wrote(county: County) -> None:
    given = {"purpose": "support", "data_categories": ["identity"], "given_on": "2026-11-01", "form": "spoken"}
    with county.server.running():
        (falke,) = county.jana.add("young_person", {"alias": "Falke", "birth_year": 2009})
        (consent,) = county.jana.add("consent", {"person": falke, **given})
        county.everyone_syncs()
    county.jana.ok("set", "consent", consent, "revoked_on=2026-11-20")
    county.sabine.ok("set", "young_person", falke, "given_name=Arber")
    assert county.sabine.ok("show", "young_person", falke, "--json").json["given_name"] == "Arber"
    with county.server.running():
        county.everyone_syncs()
    for device in (county.jana, county.sabine):
        assert device.ok("show", "young_person", falke, "--json").json["given_name"] == ""
        assert device.run("set", "young_person", falke, "family_name=Berisha").code == 6
