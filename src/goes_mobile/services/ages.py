"""How old somebody is today, and the band they count in."""

from __future__ import annotations

from datetime import date

from goes_mobile.records import ages
from goes_mobile.records.young_person import YoungPerson
from goes_mobile.services.desk import Desk

SEPARATE = ("under_14", "over_27")
"""Bands outside the programme's ages: welcome, and counted apart."""


def age_of(desk: Desk, person: YoungPerson, day: date | None = None) -> int | None:
    return ages.age_on(day or desk.today, person.birth_year, person.birth_date)


def age_in(desk: Desk, birth_year: int | None) -> int | None:
    """The same for somebody who has no file yet."""
    return ages.age_on(desk.today, birth_year)


def band_of(person: YoungPerson, day: date) -> str:
    return ages.age_band(day, person.birth_year, person.birth_date)


def outside(desk: Desk, age: int | None) -> bool:
    return ages.outside(age, desk.preset.age_from, desk.preset.age_to)
