"""Code lists and presets: a county is configuration."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goes_mobile.protocol.ids import site_id
from goes_mobile.records import FieldRefused, assets, presets
from goes_mobile.records.codes import choices, codes, lists, say
from goes_mobile.records.presets import Preset, preset

BOTH = ["kreis-soest", "landkreis-esslingen"]


def changed(name: str = "landkreis-esslingen", **fields: Any) -> Preset:
    raw = json.loads(assets.read(f"presets/{name}.json")) | fields
    return presets.parse(json.dumps(raw))


def test_the_lists_of_the_contract() -> None:
    assert {"topic", "action", "work_form", "age_band", "gender", "data_category", "verdict"} <= set(lists())
    assert codes("topic")["housing"].de == "Wohnen, Wohnungslosigkeit"
    assert say("topic", "housing", "en") == "housing, homelessness"
    assert len(codes("topic")) == 20
    for name in lists():
        assert all(label.de and label.en for label in codes(name).values())


def test_a_code_nobody_knows_is_shown_as_it_is() -> None:
    assert say("topic", "skateboarding", "de") == "skateboarding"
    assert say("no_such_list", "x", "de") == "x"
    assert codes("no_such_list") == {}


def test_a_county_adds_and_retires_codes() -> None:
    soest = preset("kreis-soest")
    assert say("access_route", "case_conference", "de", soest) == "Fallkonferenz am Berufskolleg"
    assert "case_conference" in choices("access_route", soest)
    assert "case_conference" not in codes("access_route")
    assert say("access_route", "street", "de", soest) == "Straße, Workmobil", "retired, and readable"
    assert "street" not in choices("access_route", soest)
    assert "street" in choices("access_route")
    assert list(choices("work_form", soest)) == list(soest.work_forms)
    assert "street_work" in codes("work_form", soest)


@pytest.mark.parametrize("name", BOTH)
def test_a_shipped_preset_fits(name: str) -> None:
    county = preset(name)
    assert presets.names() == BOTH
    assert county.name == name
    assert (county.lost_after_weeks, county.small_cell, county.guardian_under) == (6, 5, 15)
    assert (county.age_from, county.age_to) == (14, 27)
    assert set(county.work_forms) <= set(codes("work_form", county))
    assert {partner.kind for partner in county.partners} <= set(codes("partner_kind", county))
    assert {site.kind for site in county.sites} <= set(codes("site_kind", county))
    assert {rule.kind for rule in county.retention} >= {"young_person", "encounter"}
    assert county.stops


def test_sites_are_found_by_their_short_name() -> None:
    county = preset("landkreis-esslingen")
    assert [site.short for site in county.sites] == [
        "workmobil",
        "jugendbuero-esslingen",
        "jugendbuero-ostfildern",
        "jugendbuero-leinfelden-echterdingen",
        "jugendbuero-nuertingen",
        "jugendbuero-kirchheim",
    ]
    assert county.site("workmobil").id == site_id("workmobil")
    found = county.site_of(site_id("jugendbuero-nuertingen"))
    assert found is not None
    assert found.name == "Jugendbüro Nürtingen"
    assert county.site_of("somewhere") is None
    with pytest.raises(FieldRefused, match="workmobil, jugendbuero-esslingen"):
        county.site("werkmobil")


def test_the_municipalities_of_both_counties() -> None:
    assert len(preset("landkreis-esslingen").municipalities) == 44
    assert len(preset("kreis-soest").municipalities) == 14


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"colour": "red"}, "colour"),
        ({"lost_after_weeks": 0}, "lost_after_weeks"),
        ({"municipality_key": "8116"}, "municipality_key"),
        ({"sites": []}, "sites"),
        ({"municipalities": ["Plochingen"]}, "preset"),
        ({"stops": [{"name": "X", "municipality": "Plochingen", "site": "nowhere"}]}, "preset"),
        (
            {
                "stops": [
                    {
                        "name": "X",
                        "municipality": "Plochingen",
                        "site": "workmobil",
                        "times": [{"weekday": 1, "starts": "15:00", "ends": "14:00"}],
                    }
                ]
            },
            "stops.0.times.0",
        ),
    ],
)
def test_a_preset_that_does_not_fit_says_where(fields: dict[str, Any], place: str) -> None:
    with pytest.raises(FieldRefused) as caught:
        changed(**fields)
    assert caught.value.code == "preset_unfit"
    assert caught.value.field == place


def test_a_countys_own_file(tmp_path: Path) -> None:
    own = tmp_path / "county.json"
    own.write_text(assets.read("presets/kreis-soest.json").replace("kreis-soest", "kreis-anderswo"), encoding="utf-8")
    assert presets.load(own).name == "kreis-anderswo"
    for broken in (b"{", b"\xff\xfe"):
        own.write_bytes(broken)
        with pytest.raises(FieldRefused):
            presets.load(own)
    with pytest.raises(FieldRefused, match="cannot be read"):
        presets.load(tmp_path / "missing.json")
    with pytest.raises(FieldRefused, match="kreis-soest, landkreis-esslingen"):
        preset("../../etc/passwd")


def test_two_sites_of_one_name_are_refused() -> None:
    site = {"short": "a", "name": "A", "kind": "other", "municipality": "Plochingen"}
    with pytest.raises(FieldRefused, match="short name"):
        changed(sites=[site, site], stops=[])


def test_the_assets_are_found_where_they_lie() -> None:
    assert (assets.directory() / "presets" / "landkreis-esslingen.json").is_file()
    assert json.loads(assets.read("codes.json"))["gender"]["no_answer"]["de"] == "keine Angabe"
    assert date(2026, 3, 1).isoweekday() == 7, "weekdays in presets count from Monday, 1, to Sunday, 7"
