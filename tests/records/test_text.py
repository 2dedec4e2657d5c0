"""Text of every kind arrives whole, in one spelling, without what cannot be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.records import row_of
from goes_mobile.records.text import LONG, clean
from tests.records.editing import NOW, Device


def noted(text: str) -> str:
    tablet = Device("tablet")
    tablet.write(at=NOW, note=text)
    note: str = tablet.row["note"]
    return note


@pytest.mark.parametrize(
    "text",
    [
        "Straße, Größe, Übergang",
        "👩🏽‍🎓 hat den Abschluss 🎉",
        "مرحبا، كيف حالك؟",
        "Привіт — ґєії",
        "erste Zeile\nzweite\tmit Tabulator",
        "\u200fשלום\u200e gemischt",
        "x" * 100_000,
        "🦅" * LONG,
    ],
)
def test_kept_as_it_was_typed(text: str) -> None:
    assert noted(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("vor\x00nach", "vornach"),
        ("\x1b[31mrot\x07", "[31mrot"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("Gro\u0308ße", "Größe"),
        ("halb\ud83d", "halb"),
        ("\x00\x01", ""),
    ],
)
def test_cleaned(typed: str, kept: str) -> None:
    assert noted(typed) == kept


def test_a_single_line_stays_one() -> None:
    tablet = Device("tablet")
    for typed in ("  Bahnhof \n Plochingen\t ", "Bahnhof   Plochingen", "Bahnhof\r\nPlochingen"):
        tablet.write(at=NOW, place_note=typed)
        assert tablet.row["place_note"] == "Bahnhof Plochingen"


@given(st.text(), st.booleans())
def test_cleaning_twice_changes_nothing(text: str, multiline: bool) -> None:
    once = clean(text, multiline=multiline)
    assert clean(once, multiline=multiline) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    once.encode()


def test_a_number_where_a_word_belongs_is_taken_as_typed() -> None:
    tablet = Device("tablet", "young_person")
    tablet.write(alias=123, phone=1701234567)
    assert (tablet.row["alias"], tablet.row["phone"]) == ("123", "1701234567")


def test_a_long_name_with_an_apostrophe() -> None:
    name = "D’Àlembert-" + "ß" * 189
    assert len(name) == 200
    tablet = Device("tablet", "young_person")
    tablet.write(alias="F", family_name=name)
    assert row_of("young_person", tablet.held[0].operation.set)["family_name"] == name
