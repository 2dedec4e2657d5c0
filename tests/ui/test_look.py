"""Colours can be read, text grows as far as it may, the window decides the layout."""

from __future__ import annotations

from dataclasses import fields

import pytest

from goes_mobile.ui.colours import GOALS, PALETTES, Palette, contrast
from goes_mobile.ui.look import Appearance, Look, drawn_as, look, window_of
from goes_mobile.ui.theme import colour_scheme, theme
from goes_mobile.ui.typography import FONT_FILES, SCALES, TYPES, scaled

TONES = ("plain", "primary", "tonal", "ok", "look", "lost", "info")
LEAST = {"light": 6.1, "dark": 5.4, "sun": 9.8}
"""What was measured when the palettes were made: a later change must not fall below."""


@pytest.fixture(params=PALETTES.values(), ids=PALETTES.keys())
def palette(request) -> Palette:
    return request.param


def test_contrast_is_that_of_the_guideline():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0B5A5E", "#0B5A5E") == 1


def test_text_can_be_read_on_every_ground(palette):
    least = LEAST[palette.name]
    for tone in TONES:
        ground, ink, _ = palette.pair(tone)
        assert contrast(ink, ground) >= least, tone
    for ground in (palette.surface, palette.card, palette.bars, palette.container):
        assert contrast(palette.ink, ground) >= 12.5
        assert contrast(palette.ink_soft, ground) >= least
        for tone in ("primary", "ok", "look", "lost", "info"):
            assert contrast(palette.pair(tone).accent, ground) >= 4.5, (tone, ground)
    assert contrast(palette.on_primary, palette.primary) >= 7
    assert contrast(palette.on_lost, palette.lost) >= 4.5
    assert contrast(palette.on_hero, palette.hero) >= 7
    assert contrast(palette.on_hero_action, palette.hero_action) >= 7


def test_what_can_be_tapped_has_an_outline_that_can_be_seen(palette):
    for ground in (palette.surface, palette.card):
        assert contrast(palette.outline, ground) >= 4.4
        assert contrast(palette.chart_street, ground) >= 3.9
        assert contrast(palette.chart_office, ground) >= 3.0


def test_every_colour_is_written_out(palette):
    for field in fields(palette):
        value = getattr(palette, field.name)
        if field.name not in ("name", "border", "dark"):
            assert len(value) == 7, field.name
            assert value.startswith("#"), field.name
    scheme = colour_scheme(palette)
    assert scheme.primary == palette.primary
    assert scheme.surface_tint == "#00000000", "nothing is tinted by height"
    assert set(GOALS) == {-2, -1, 0, 1, 2}


def test_text_grows_up_to_its_cap():
    assert scaled("body", 1.0) == 16
    assert scaled("body", 2.0) == 32
    assert scaled("headline", 2.0) == 39, "1.5 at most"
    assert scaled("title", 2.0) == 32, "1.6 at most"
    assert scaled("nav", 2.0) == 15.6, "1.2 at most"
    assert scaled("body", 0.5) == 16, "never smaller than drawn"
    for role, kind in TYPES.items():
        sizes = [scaled(role, scale) for scale in SCALES]
        assert sizes == sorted(sizes)
        assert min(sizes) >= 13, "nothing is smaller than 13"
        assert kind.line >= kind.size * 1.2


def test_a_style_keeps_its_proportions_and_gets_heavier_in_the_sun():
    plain = Look().style("body")
    assert (plain.size, plain.font_family, plain.letter_spacing) == (16, "Plex", 0)
    assert plain.height == pytest.approx(1.5)
    assert Look(scale=2).style("body").height == pytest.approx(1.5)
    assert Look(theme="sun").style("body").font_family == "Plex Medium"
    assert Look(theme="sun").style("headline").font_family == "Plex SemiBold"
    assert plain.font_family in FONT_FILES


@pytest.mark.parametrize(
    ("width", "window"), [(599, "compact"), (600, "medium"), (839, "medium"), (840, "expanded"), (1200, "wide")]
)
def test_the_window_class_follows_the_width(width, window):
    assert window_of(width) == window


def test_the_appearance_follows_the_system_until_somebody_chooses():
    wish = Appearance()
    assert wish.look().theme == "light"
    wish.system_dark = True
    assert wish.look().theme == "dark"
    wish.theme = "sun"
    assert wish.look().theme == "sun"


def test_only_a_real_change_redraws():
    wish = Appearance()
    changes: list[str | None] = []
    remember = lambda _, name: changes.append(name)  # noqa: E731  (listeners are kept weakly: it needs a name)
    wish.subscribe(remember)
    wish.window = "compact"
    wish.scale = 1.0
    assert changes == []
    wish.scale = 1.5
    assert changes == ["scale"]


def test_the_look_outside_of_a_page_is_the_default_or_what_is_told():
    assert look() == Look()
    with drawn_as(theme="dark", scale=2.0) as shown:
        assert look() is shown
        assert look().roomy
    assert look() == Look()


def test_reduced_motion_moves_nothing():
    assert Look(still=True).milliseconds(250) == 0
    assert theme(Look(still=True)).page_transitions != theme(Look()).page_transitions
