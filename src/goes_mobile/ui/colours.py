"""The three palettes, every role set by hand: light, dark, and sun (high contrast, white, black borders).

Amber (`look`) asks to be looked at, red (`lost`) says that someone may get lost or something is broken; neither is
ever the only sign: an icon and a word always go with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Tone = Literal["plain", "primary", "tonal", "ok", "look", "lost", "info"]


class Pair(NamedTuple):
    """A container, what is written on it, and the accent of the same meaning on plain ground."""

    ground: str
    ink: str
    accent: str


@dataclass(frozen=True)
class Palette:
    name: str
    primary: str
    on_primary: str
    primary_container: str
    on_primary_container: str
    secondary_container: str
    on_secondary_container: str
    look: str
    look_container: str
    on_look_container: str
    lost: str
    on_lost: str
    lost_container: str
    on_lost_container: str
    ok: str
    ok_container: str
    on_ok_container: str
    info: str
    info_container: str
    on_info_container: str
    surface: str
    card: str
    bars: str
    container: str
    container_high: str
    container_highest: str
    ink: str
    ink_soft: str
    outline: str
    outline_soft: str
    card_border: str
    hero: str
    on_hero: str
    hero_action: str
    on_hero_action: str
    lamp: str
    chart_street: str
    chart_office: str
    border: float
    dark: bool

    def pair(self, tone: Tone) -> Pair:
        """Ground, ink and accent of a tone."""
        return {
            "plain": Pair(self.container_high, self.ink_soft, self.ink_soft),
            "primary": Pair(self.primary_container, self.on_primary_container, self.primary),
            "tonal": Pair(self.secondary_container, self.on_secondary_container, self.primary),
            "ok": Pair(self.ok_container, self.on_ok_container, self.ok),
            "look": Pair(self.look_container, self.on_look_container, self.look),
            "lost": Pair(self.lost_container, self.on_lost_container, self.lost),
            "info": Pair(self.info_container, self.on_info_container, self.info),
        }[tone]


LIGHT = Palette(
    name="light",
    primary="#0B5A5E",
    on_primary="#FFFFFF",
    primary_container="#CBEAE8",
    on_primary_container="#06363A",
    secondary_container="#DCE9E7",
    on_secondary_container="#14302F",
    look="#855000",
    look_container="#FFE6BF",
    on_look_container="#4A2B00",
    lost="#A3241A",
    on_lost="#FFFFFF",
    lost_container="#FFDDD7",
    on_lost_container="#5E110A",
    ok="#1D6A38",
    ok_container="#D5EFDB",
    on_ok_container="#0A3A1B",
    info="#3A4C9C",
    info_container="#E2E6FF",
    on_info_container="#1B2765",
    surface="#F7F6F2",
    card="#FFFFFF",
    bars="#FFFFFF",
    container="#EFEEE9",
    container_high="#E8E7E1",
    container_highest="#E0DFD8",
    ink="#191C1B",
    ink_soft="#434A49",
    outline="#6C7473",
    outline_soft="#D3D5D0",
    card_border="#DFDFDA",
    hero="#0B5A5E",
    on_hero="#FFFFFF",
    hero_action="#FFFFFF",
    on_hero_action="#0B5A5E",
    lamp="#FFBC63",
    chart_street="#0B5A5E",
    chart_office="#B86E00",
    border=1,
    dark=False,
)

DARK = Palette(
    name="dark",
    primary="#84D5D2",
    on_primary="#00373A",
    primary_container="#0E4E51",
    on_primary_container="#BDF1EE",
    secondary_container="#334B4A",
    on_secondary_container="#CEE8E6",
    look="#FFBC63",
    look_container="#5C3C05",
    on_look_container="#FFDFB5",
    lost="#FFB4A8",
    on_lost="#5E110A",
    lost_container="#7A1D14",
    on_lost_container="#FFDAD4",
    ok="#8AD69F",
    ok_container="#12492A",
    on_ok_container="#BDF3CB",
    info="#BAC4FF",
    info_container="#2D3A80",
    on_info_container="#E0E4FF",
    surface="#0F1413",
    card="#181E1D",
    bars="#171C1B",
    container="#1C2221",
    container_high="#262C2B",
    container_highest="#313736",
    ink="#E4E7E4",
    ink_soft="#C0C8C6",
    outline="#8B9492",
    outline_soft="#3D4443",
    card_border="#2C3332",
    hero="#0E4E51",
    on_hero="#BDF1EE",
    hero_action="#84D5D2",
    on_hero_action="#00373A",
    lamp="#FFBC63",
    chart_street="#84D5D2",
    chart_office="#C9812A",
    border=1,
    dark=True,
)

SUN = Palette(
    name="sun",
    primary="#003B3E",
    on_primary="#FFFFFF",
    primary_container="#BFEFEC",
    on_primary_container="#001F21",
    secondary_container="#C9E5E2",
    on_secondary_container="#001413",
    look="#4A2A00",
    look_container="#FFDD9E",
    on_look_container="#2B1700",
    lost="#6E0A04",
    on_lost="#FFFFFF",
    lost_container="#FFD6CF",
    on_lost_container="#3F0400",
    ok="#00421B",
    ok_container="#C4F2CF",
    on_ok_container="#002910",
    info="#14236F",
    info_container="#DCE1FF",
    on_info_container="#081244",
    surface="#FFFFFF",
    card="#FFFFFF",
    bars="#FFFFFF",
    container="#FFFFFF",
    container_high="#EDEDED",
    container_highest="#E0E0E0",
    ink="#000000",
    ink_soft="#1C2221",
    outline="#000000",
    outline_soft="#4A4F4E",
    card_border="#000000",
    hero="#003B3E",
    on_hero="#FFFFFF",
    hero_action="#FFFFFF",
    on_hero_action="#003B3E",
    lamp="#FFDD9E",
    chart_street="#003B3E",
    chart_office="#8A5200",
    border=1.5,
    dark=False,
)

PALETTES: dict[str, Palette] = {palette.name: palette for palette in (LIGHT, DARK, SUN)}

# Goal attainment from -2 to +2, and what is written on each bar.
GOALS: dict[int, str] = {-2: "#A3241A", -1: "#C4665A", 0: "#6C7473", 1: "#3B8A85", 2: "#0B5A5E"}


def contrast(one: str, other: str) -> float:
    """Contrast ratio after WCAG 2.2 (1 to 21) of two colours `#RRGGBB`."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
