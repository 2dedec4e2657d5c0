"""What cannot become a record is refused by field, code and sentence, and never repeated."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.records import FieldRefused, flatten, registry
from goes_mobile.records.refusals import SENTENCES
from goes_mobile.records.text import LONG
from tests.records.editing import NOW, Device, person


def refusal(name: str, values: dict[str, Any]) -> FieldRefused:
    with pytest.raises(FieldRefused) as caught:
        flatten(name, values, "tablet")
    return caught.value


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({}, "at", "required"),
        ({"at": None}, "at", "required"),
        ({"at": "  "}, "at", "required"),
        ({"at": "gestern"}, "at", "not_a_moment"),
        ({"at": "2026-13-01T10:00:00+01:00"}, "at", "not_a_moment"),
        ({"at": 1772375400}, "at", "not_a_moment"),
        ({"at": "1772375400"}, "at", "not_a_moment"),
        ({"at": "2026-03-01T10:00:00"}, "at", "no_offset"),
        ({"at": "2026-03-01"}, "at", "no_offset"),
        ({"at": datetime(2026, 3, 1, 10)}, "at", "no_offset"),  # noqa: DTZ001
        ({"at": "0001-01-01T00:00:00+14:00"}, "at", "not_a_moment"),
        ({"at": "1026-03-01T10:00:00+01:00"}, "at", "not_plausible"),
        ({"at": NOW, "next_step_on": "morgen"}, "next_step_on", "not_a_date"),
        ({"at": NOW, "next_step_on": 20260301}, "next_step_on", "not_a_date"),
        ({"at": NOW, "next_step_on": "12026-03-01"}, "next_step_on", "not_a_date"),
        ({"at": NOW, "next_step_on": date(2999, 1, 1)}, "next_step_on", "not_plausible"),
        ({"at": NOW, "minutes": "viele"}, "minutes", "not_a_whole_number"),
        ({"at": NOW, "minutes": 1.5}, "minutes", "not_a_whole_number"),
        ({"at": NOW, "minutes": True}, "minutes", "not_a_whole_number"),
        ({"at": NOW, "minutes": -1}, "minutes", "too_small"),
        ({"at": NOW, "minutes": 10**30}, "minutes", "too_large"),
        ({"at": NOW, "mood": 6}, "mood", "too_large"),
        ({"at": NOW, "draft": "vielleicht"}, "draft", "not_yes_or_no"),
        ({"at": NOW, "note": ["a"]}, "note", "not_text"),
        ({"at": NOW, "note": True}, "note", "not_text"),
        ({"at": NOW, "note": "x" * (LONG + 1)}, "note", "too_long"),
        ({"at": NOW, "place_note": "x" * 501}, "place_note", "too_long"),
        ({"at": NOW, "topics": "housing"}, "topics", "not_a_list"),
        ({"at": NOW, "topics": ["housing", None]}, "topics", "bad_code"),
        ({"at": NOW, "topics": ["a/b"]}, "topics", "bad_code"),
        ({"at": NOW, "topics": ["x" * 65]}, "topics", "bad_code"),
        ({"at": NOW, "topics/housing": 1}, "topics", "not_yes_or_no"),
        ({"at": NOW, "people": ["Falke"]}, "people", "bad_reference"),
        ({"at": NOW, "people": [person(1), person(2)]}, "people", "several_people"),
        ({"at": NOW, "outing": "heute"}, "outing", "bad_reference"),
        ({"at": NOW, "site": "workmobil"}, "site", "bad_reference"),
        ({"at": NOW, "head_counts": 3}, "head_counts", "not_an_object"),
        ({"at": NOW, "head_counts": {"age_14_17": 3}}, "head_counts", "not_an_object"),
        ({"at": NOW, "head_counts": {"age_14_17": {"female": "2"}}}, "head_counts", "not_a_whole_number"),
        ({"at": NOW, "head_counts": {"age_14_17": {"female": -2}}}, "head_counts", "too_small"),
        ({"at": NOW, "head_counts": {"age_14_17": {"female": 10**9}}}, "head_counts", "too_large"),
        ({"at": NOW, "head_counts": {"a/b": {"female": 1}}}, "head_counts", "bad_code"),
        ({"at": NOW, "head_counts/age_14_17/female/phone": 1}, "head_counts", "unknown_field"),
        ({"at": NOW, "mod": 3}, "mod", "unknown_field"),
        ({"at": NOW, "note/a": "x"}, "note", "unknown_field"),
        ({"at": NOW, "subject": person()}, "subject", "not_settable"),
        ({"at": NOW, "created_at": NOW}, "created_at", "not_settable"),
    ],
)
def test_an_encounter_refused(values: dict[str, Any], field: str, code: str) -> None:
    error = refusal("encounter", values)
    assert (error.field, error.code) == (field, code)
    assert error.facts["field"] == field


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"stops": {"a": "Plochingen"}}, "stops", "not_an_object"),
        ({"stops": "Plochingen"}, "stops", "not_an_object"),
        ({"stops": {"a/b": {"place_name": "P"}}}, "stops", "bad_code"),
        ({"stops": {"a": {"colour": "red"}}}, "stops/colour", "unknown_field"),
        ({"stops": {"a": {"head_count": -1}}}, "stops/a/head_count", "too_small"),
        ({"stops/a": "x"}, "stops", "unknown_field"),
        ({"starts": NOW, "ends": "2026-03-01T14:00:00+01:00"}, "ends", "ends_before_start"),
        ({"stops": {"a": {"arrived": NOW, "left": "2026-03-01T14:00:00Z"}}}, "stops/left", "ends_before_start"),
    ],
)
def test_an_outing_refused(values: dict[str, Any], field: str, code: str) -> None:
    error = refusal("outing", {"day": "2026-03-01", **values})
    assert (error.field, error.code) == (field, code)


def test_a_stop_time_refused() -> None:
    assert refusal("stop", {"name": "P", "times": {"a": {"starts": "halb drei"}}}).code == "not_a_time"


def test_a_kind_that_is_not_there() -> None:
    with pytest.raises(InputRefused, match="encounter") as caught:
        flatten("begegnung", {}, "tablet")
    assert caught.value.code == "unknown_kind"


def test_what_was_needed_cannot_be_cleared() -> None:
    tablet = Device("tablet")
    tablet.write(at=NOW)
    with pytest.raises(FieldRefused) as caught:
        tablet.write(at=None)
    assert caught.value.code == "required"


def test_the_rule_of_the_whole_record_counts_for_a_change_too() -> None:
    tablet = Device("tablet")
    tablet.write(at=NOW, people=[person(1)])
    with pytest.raises(FieldRefused) as caught:
        tablet.put({f"people/{person(2)}": True})
    assert caught.value.code == "several_people"


def test_a_refusal_says_what_is_wrong_and_never_repeats_it() -> None:
    error = refusal("encounter", {"at": NOW, "mood": 4711})
    assert str(error) == "mood must be at most 5."
    error = refusal("encounter", {"at": NOW, "minutes": "Amelie Geheim"})
    assert "Amelie" not in f"{error} {error!r} {error.facts} {error.__cause__}"
    assert error.__suppress_context__


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_can_be_said(code: str) -> None:
    facts = {"kind": "encounter", "known": "a", "limit": 1, "length": 2, "at_least": 1, "at_most": 5, "reason": "why"}
    assert str(FieldRefused("note", code, **facts)).endswith((".", "why."))


def test_every_refusal_has_its_sentence_and_every_sentence_its_use() -> None:
    package = Path(registry.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py") if path.stem != "refusals")
    said = re.findall(r'FieldRefused\([^()]*?,\s*"(\w+)"', sources)
    assert len(said) > 20
    assert set(said) <= set(SENTENCES)
    assert [code for code in SENTENCES if f'"{code}"' not in sources] == []


@pytest.mark.parametrize(
    ("name", "values", "field", "code"),
    [
        ("case", {"starts": "2026-03-01", "ends": "2026-02-01"}, "ends", "ends_before_start"),
        ("case", {"starts": "2026-03-01", "state": "closed"}, "ends", "closed_without_end"),
        ("absence_episode", {"since": "2026-03-01", "returned_on": "2026-02-01"}, "returned_on", "ends_before_start"),
        ("absence_episode", {"since": "2026-03-01", "days": 2, "unexcused_days": 3}, "unexcused_days", "more_than_all"),
    ],
)
def test_casework_that_contradicts_itself(name: str, values: dict[str, Any], field: str, code: str) -> None:
    refused = refusal(name, {"person": "01920000-0000-7000-8000-000000000001", **values})
    assert (refused.field, refused.code) == (field, code)
