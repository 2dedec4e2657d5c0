"""IBM Plex Sans in its roles; how they grow, and where growing stops.

Flet loads one file per family name, so the three weights are three families instead of one family with weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal[400, 500, 600]
Role = Literal[
    "number",
    "headline",
    "title",
    "subtitle",
    "section",
    "narrative",
    "body",
    "strong",
    "label",
    "meta",
    "badge",
    "nav",
    "client_headline",
    "client",
]

FAMILIES: dict[int, str] = {400: "Plex", 500: "Plex Medium", 600: "Plex SemiBold"}
FALLBACK: dict[int, list[str]] = {
    400: ["Plex Arabic", "Roboto"],
    500: ["Plex Arabic SemiBold", "Roboto"],
    600: ["Plex Arabic SemiBold", "Roboto"],
}
FONT_FILES: dict[str, str] = {
    "Plex": "fonts/IBMPlexSans_400Regular.ttf",
    "Plex Medium": "fonts/IBMPlexSans_500Medium.ttf",
    "Plex SemiBold": "fonts/IBMPlexSans_600SemiBold.ttf",
    "Plex Arabic": "fonts/IBMPlexSansArabic_400Regular.ttf",
    "Plex Arabic SemiBold": "fonts/IBMPlexSansArabic_600SemiBold.ttf",
}


@dataclass(frozen=True)
class Type:
    size: int
    line: int
    weight: Weight
    cap: float = 2.0
    """The own text size goes from 100 to 200 %; what is large already grows only up to this factor."""


TYPES: dict[Role, Type] = {
    "number": Type(32, 40, 600, cap=1.5),
    "headline": Type(26, 32, 600, cap=1.5),
    "title": Type(20, 26, 600, cap=1.6),
    "subtitle": Type(17, 24, 600),
    "section": Type(16, 22, 600),
    "narrative": Type(18, 28, 400),
    "body": Type(16, 24, 400),
    "strong": Type(16, 24, 500),
    "label": Type(15, 20, 500),
    "meta": Type(14, 20, 400),
    "badge": Type(13, 18, 500, cap=1.5),
    "nav": Type(13, 18, 500, cap=1.2),
    # What is turned to a young person is read across a table.
    "client_headline": Type(34, 42, 600, cap=1.5),
    "client": Type(20, 30, 400, cap=1.6),
}

SCALES: tuple[float, ...] = (1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
ROOMY = 1.3
"""From here on states become icons, age cells stand 3 x 2, and what stood side by side is stacked."""


def scaled(role: Role, scale: float) -> float:
    """The size of a role in logical pixels at the person's own text size."""
    kind = TYPES[role]
    return round(kind.size * min(max(scale, 1.0), kind.cap), 1)


def heavier(weight: Weight) -> Weight:
    """One weight up, for the sun; 600 is the heaviest that is shipped."""
    return {400: 500, 500: 600, 600: 600}[weight]  # type: ignore[return-value]
