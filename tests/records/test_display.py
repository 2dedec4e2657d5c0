"""Labels and values in words, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from goes_mobile.records import field, row_of
from goes_mobile.records.codes import Language
from goes_mobile.records.display import kind_label, label, say
from goes_mobile.records.outing import StopVisit
from goes_mobile.records.presets import preset
from goes_mobile.records.values import searchable_text
from tests.records.editing import RECORD

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "path", "language", "expected"),
    [
        ("encounter", "at", "de", "Beginn"),
        ("encounter", "at", "en", "start"),
        ("encounter", "site", "de", "Einrichtung"),
        ("encounter", "topics/housing", "de", "Themen · Wohnen, Wohnungslosigkeit"),
        ("encounter", "head_counts/age_14_17/female/7f", "de", "Gezählt · 14–17 · weiblich"),
        ("outing", "stops/a/left", "de", "Haltepunkte · Abfahrt"),
        ("outing", "stops/a/colour", "de", "Haltepunkte · colour"),
        ("encounter", "field_of_a_later_version", "de", "field_of_a_later_version"),
        ("kind_of_a_later_version", "x", "de", "x"),
    ],
)
def test_labels(kind: str, path: str, language: Language, expected: str) -> None:
    assert label(kind, path, language) == expected


def test_what_a_kind_is_called() -> None:
    assert (kind_label("encounter", "de"), kind_label("encounter", "en")) == ("Begegnung", "Encounter")
    assert kind_label("kind_of_a_later_version", "de") == "kind_of_a_later_version"


@pytest.mark.parametrize(
    ("kind", "name", "value", "language", "expected"),
    [
        ("encounter", "at", datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "de", "01.07.2026 15:30"),
        ("encounter", "at", datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "en", "2026-07-01 15:30"),
        ("encounter", "next_step_on", date(2026, 3, 8), "de", "08.03.2026"),
        ("encounter", "minutes", 20, "de", "20"),
        ("encounter", "minutes", 0, "de", "0"),
        ("encounter", "minutes", None, "de", ""),
        ("encounter", "draft", False, "de", "nein"),
        ("encounter", "draft", True, "en", "yes"),
        ("encounter", "topics", ["housing", "skateboarding"], "de", "Wohnen, Wohnungslosigkeit, skateboarding"),
        ("encounter", "topics", [], "de", ""),
        (
            "encounter",
            "head_counts",
            {"age_14_17": {"female": 2, "male": 1}},
            "de",
            "2 14–17 weiblich, 1 14–17 männlich",
        ),
        ("encounter", "place", "stop", "en", "stop"),
        ("encounter", "people", [RECORD], "de", "young_person!"),
        ("review", "record_kind", "encounter", "de", "Begegnung"),
        (
            "outing",
            "stops",
            {"a": StopVisit(place_name="Plochingen", head_count=7, weather="rain")},
            "de",
            "Plochingen, 7, Regen",
        ),
    ],
)
def test_values(kind: str, name: str, value: object, language: Language, expected: str) -> None:
    said = say(value, field(kind, name), language, zone=BERLIN, name_of=lambda of, _: f"{of}!")
    assert said == expected


def test_a_time_of_day_and_an_added_code() -> None:
    starts = (field("stop", "times").part or {})["starts"]
    assert say(time(15, 5), starts, "de") == "15:05"
    assert say("case_conference", field("encounter", "place"), "de", preset=preset("kreis-soest")) == "case_conference"


def test_what_the_search_looks_into() -> None:
    paths = {
        "day": "2026-03-01",
        "note": "ruhig",
        "stops/a/observation": "viele da",
        "stops/a/place_name": "Plochingen",
    }
    assert searchable_text("outing", row_of("outing", paths)) == "Plochingen\nviele da\nruhig"
    person = row_of("young_person", {"alias": "Falke", "given_name": "Amelie", "messenger": "@a"})
    assert searchable_text("young_person", person) == "Falke\nAmelie"
