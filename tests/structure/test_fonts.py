"""Every letter that staff and young people need is in a font we ship; none is fetched."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from tests.structure.project import ROOT

FONTS = ROOT / "assets" / "fonts"
LATIN = [f"IBMPlexSans_{weight}.ttf" for weight in ("400Regular", "500Medium", "600SemiBold")]
ARABIC = [f"IBMPlexSansArabic_{weight}.ttf" for weight in ("400Regular", "600SemiBold")]


def letters(font: str) -> set[int]:
    with TTFont(FONTS / font, lazy=True) as opened:
        return set(opened.getBestCmap())


@pytest.mark.parametrize("font", LATIN)
def test_german_turkish_polish_romanian_ukrainian(font: str) -> None:
    needed = "ÄÖÜäöüßẞ„“‚‘–…€ çğıİşŞ ąćęłńóśźż ăâîșț čďěňřšťůž ґєіїҐЄІЇ Привіт ←→↑↓✓ 0123456789"
    assert {letter for letter in needed if ord(letter) not in letters(font)} == set()


@pytest.mark.parametrize("font", ARABIC)
def test_arabic_and_farsi(font: str) -> None:
    needed = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي پچژگکی ءآأؤإئة ،؛؟ ٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹"
    assert {letter for letter in needed if ord(letter) not in letters(font)} == set()


@pytest.mark.parametrize("font", LATIN)
def test_figures_stand_in_columns(font: str) -> None:
    with TTFont(FONTS / font, lazy=True) as opened:
        names, widths = opened.getBestCmap(), opened["hmtx"]
        assert len({widths[names[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_the_licence_travels_with_the_fonts() -> None:
    text = (FONTS / "LICENSE_FONT").read_text(encoding="utf-8")
    assert "SIL Open Font License" in text
    assert 'Reserved Font Name "Plex"' in text  # why the files are shipped whole, not as subsets
