"""Rules that need nothing but values: ages, hints, consents."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.records.ages import age_band, age_on, band, band_outside, outside
from goes_mobile.records.codes import codes
from goes_mobile.records.consent import Consent, open_categories
from goes_mobile.records.hints import Hint, hints

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "age", "expected"),
    [
        (date(2012, 3, 2), 13, "under_14"),
        (date(2012, 3, 1), 14, "age_14_17"),
        (date(2008, 3, 2), 17, "age_14_17"),
        (date(2008, 3, 1), 18, "age_18_20"),
        (date(2005, 3, 1), 21, "age_21_24"),
        (date(2001, 3, 1), 25, "age_25_27"),
        (date(1998, 3, 2), 27, "age_25_27"),
        (date(1998, 3, 1), 28, "over_27"),
        (date(2026, 3, 2), -1, "unknown"),
    ],
)
def test_age_bands_at_their_edges(born: date, age: int, expected: str) -> None:
    assert age_on(TODAY, birth_date=born) == age
    assert age_band(TODAY, birth_date=born) == expected


def test_born_on_a_leap_day() -> None:
    assert age_on(date(2026, 2, 28), birth_date=date(2008, 2, 29)) == 17
    assert age_on(date(2026, 3, 1), birth_date=date(2008, 2, 29)) == 18


def test_with_the_year_alone_the_birthday_is_in_the_middle_of_it() -> None:
    assert age_on(date(2026, 6, 30), 2008) == 17
    assert age_on(date(2026, 7, 1), 2008) == 18
    assert age_on(TODAY, 1990, date(2008, 3, 1)) == 18, "the date is the better knowledge"
    assert age_band(TODAY) == "unknown"


@given(st.integers(-5, 130))
def test_every_age_has_a_band_of_the_list(age: int) -> None:
    assert band(age) in codes("age_band")
    assert outside(age) == (age < 14 or age > 27)
    assert age < 0 or band_outside(band(age)) == outside(age)


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("encounter", {"at": NOW}, []),
        ("encounter", {"at": NOW + timedelta(minutes=4)}, []),
        ("encounter", {"at": NOW + timedelta(days=1)}, [Hint("at", "in_the_future")]),
        ("encounter", {"at": NOW - timedelta(days=900)}, [Hint("at", "long_ago")]),
        ("encounter", {"at": NOW, "next_step_on": date(2026, 2, 28)}, [Hint("next_step_on", "in_the_past")]),
        ("encounter", {"at": NOW, "next_step_on": TODAY}, []),
        ("encounter", {"at": NOW, "head_counts": {"under_14": {"male": 1}}}, [Hint("head_counts", "outside_age")]),
        ("encounter", {"at": NOW, "head_counts": {"age_14_17": {"male": 1}}}, []),
        ("young_person", {"birth_year": 2013}, [Hint("birth_year", "outside_age", {"age": 12})]),
        ("young_person", {"birth_date": date(1997, 1, 1)}, [Hint("birth_date", "outside_age", {"age": 29})]),
        ("young_person", {"birth_date": date(2026, 3, 2)}, [Hint("birth_date", "in_the_future")]),
        ("young_person", {"birth_date": date(2008, 1, 1)}, []),
        ("task", {"due": date(2026, 2, 1)}, [Hint("due", "in_the_past")]),
    ],
)
def test_a_hint_never_refuses(kind: str, values: dict[str, object], expected: list[Hint]) -> None:
    assert hints(kind, values, NOW) == expected


def consent(**fields: object) -> Consent:
    given = {
        "id": "c",
        "person": "p",
        "purpose": "support",
        "given_on": date(2026, 1, 1),
        "data_categories": ["identity"],
    }
    return Consent.model_validate(given | fields)


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({}, True),
        ({"given_on": TODAY}, True),
        ({"given_on": date(2026, 3, 2)}, False),
        ({"valid_until": TODAY}, True),
        ({"valid_until": date(2026, 2, 28)}, False),
        ({"revoked_on": TODAY}, False),
        ({"revoked_on": date(2026, 4, 1)}, False),
        ({"deleted": True}, False),
    ],
)
def test_when_a_consent_holds(fields: dict[str, object], holds: bool) -> None:
    assert consent(**fields).holds(TODAY) == holds


def test_what_several_consents_open() -> None:
    given = [
        consent(),
        consent(data_categories=["contact", "identity"]),
        consent(data_categories=["health"], revoked_on=TODAY),
        consent(data_categories=["family"], purpose="case_conference"),
    ]
    assert open_categories(given, TODAY) == {"identity", "contact"}
    assert open_categories(given, TODAY, "case_conference") == {"family"}
    assert open_categories([], TODAY) == frozenset()
