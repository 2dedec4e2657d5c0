"""Reading is lenient: what a later version wrote is kept; what cannot be a row says why, without the value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from timeit import repeat
from typing import Any

import pytest

from goes_mobile.records import DoesNotFit, Incomplete, flatten, row_of
from goes_mobile.records.encounter import Encounter
from tests.records.editing import NOW, RECORD, SITE, Device, person

AT = "2026-03-01T14:30:00+00:00"


def test_a_row_has_every_column_but_who_and_when() -> None:
    row = row_of("encounter", {"at": AT, "site": SITE, "topics/housing": True}, RECORD)
    assert set(Encounter.model_fields) - set(row) == {"created_at", "created_by", "changed_at", "changed_by"}
    assert row["at"] == datetime(2026, 3, 1, 14, 30, tzinfo=UTC)
    assert row["at"].tzinfo is UTC
    assert (row["id"], row["site"], row["subject"]) == (RECORD, SITE, None)
    assert (row["note"], row["mood"], row["topics"], row["head_counts"]) == ("", None, ["housing"], {})


def test_two_rows_share_nothing() -> None:
    first, second = row_of("encounter", {"at": AT}), row_of("encounter", {"at": AT})
    assert first["topics"] is not second["topics"]
    assert first["extra"] is not second["extra"]


def test_codes_of_a_later_version_stay_as_they_are() -> None:
    row = row_of("encounter", {"at": AT, "work_form": "hologram", "topics/robots": True, "place": "moon"})
    assert (row["work_form"], row["topics"], row["place"]) == ("hologram", ["robots"], "moon")


def test_bounds_of_this_version_do_not_bind_a_later_one() -> None:
    assert row_of("encounter", {"at": AT, "mood": 9, "minutes": 5000})["mood"] == 9


def test_paths_of_a_later_version_are_kept_apart() -> None:
    later = {
        "dog": True,
        "topics/a/b": True,
        "note/x": "y",
        "head_counts/a/b": 3,
        "weather/sun/today": "yes",
        "topics": "now a text",
    }
    row = row_of("encounter", {"at": AT, **later})
    assert row["extra"] == later
    stops = row_of("outing", {"day": "2026-03-01", "stops/a/colour": "red", "stops/a/left": AT})
    assert stops["extra"] == {"stops/a/colour": "red"}
    assert stops["stops"]["a"].left == datetime(2026, 3, 1, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("encounter", {"at": "gestern"}, "at"),
        ("encounter", {"at": "2026-03-01T14:30:00"}, "at"),
        ("encounter", {"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ("encounter", {"at": AT, "minutes": "viele"}, "minutes"),
        ("encounter", {"at": AT, "note": 5}, "note"),
        ("encounter", {"at": AT, "topics/school": 5}, "topics/school"),
        ("encounter", {"at": AT, "head_counts/a/b/c": "drei"}, "head_counts"),
        ("outing", {"day": "2026-03-01", "stops/a/left": "spät"}, "stops/left"),
        ("from_a_later_version", {}, "kind"),
    ],
)
def test_what_does_not_fit_names_the_field_and_not_the_value(kind: str, values: dict[str, Any], field: str) -> None:
    with pytest.raises(DoesNotFit) as caught:
        row_of(kind, values)
    assert caught.value.field == field
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    for word in ("gestern", "viele", "drei", "spät"):
        assert word not in f"{caught.value!r} {caught.value.facts}"


def test_a_record_shows_itself_when_what_it_needs_has_arrived() -> None:
    early = Device("phone")
    early.append({"note": "kam zuerst an"}, {})
    with pytest.raises(Incomplete):
        _ = early.row
    early.append({"at": AT}, {})
    assert early.row["note"] == "kam zuerst an"


@pytest.mark.parametrize(
    ("kind", "values", "subject"),
    [
        ("encounter", {"at": NOW}, None),
        ("encounter", {"at": NOW, "people": [person(3)]}, person(3)),
        ("participation", {"person": person(3), "encounter": RECORD}, person(3)),
        ("task", {"title": "anrufen", "person": person(3)}, person(3)),
        ("task", {"title": "tanken"}, None),
        ("young_person", {"alias": "Falke"}, RECORD),
        ("member", {"name": "Amelie"}, None),
    ],
)
def test_the_file_a_record_belongs_to(kind: str, values: dict[str, Any], subject: str | None) -> None:
    assert row_of(kind, flatten(kind, values, "tablet"), RECORD)["subject"] == subject


def test_reading_is_many_times_faster_than_making_an_object() -> None:
    """Unlocking replays every record through here; a ratio, because machines are noisy."""
    values = flatten(
        "encounter",
        {
            "at": NOW,
            "minutes": 20,
            "place": "stop",
            "topics": ["housing"],
            "note": "x" * 600,
            "next_step_on": date(2026, 3, 8),
        },
        "tablet",
    )
    entered = {"id": RECORD, "at": NOW, "minutes": 20, "place": "stop", "topics": ["housing"], "note": "x" * 600}
    reading = min(repeat(lambda: row_of("encounter", values, RECORD), number=500, repeat=7))
    making = min(repeat(lambda: Encounter.model_validate(entered), number=500, repeat=7))
    assert reading * 3 < making
