"""A signature as it is kept: the points the finger went through, not a picture.

``0,120 14,118;40,130``: strokes joined by ``;``, their points by a space. Both numbers of a point are thousandths of
the pad's *width*, so it is drawn again on any screen or paper, as large as there is room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

UNIT = 1000
"""Parts of the pad's width."""
LIMIT = 60_000
"""Characters: some 7,000 points, ten times what a name takes."""


class Point(NamedTuple):
    x: int
    y: int


def write(strokes: Sequence[Sequence[Point]]) -> str:
    """The text to keep; a stroke without a point is none."""
    return ";".join(" ".join(f"{p.x},{p.y}" for p in stroke) for stroke in strokes if stroke)


def read(text: str) -> list[list[Point]]:
    """The strokes of a kept text. What is no point in it (another version's) is left out."""
    found = ([point for word in stroke.split() if (point := _point(word))] for stroke in text.split(";"))
    return [stroke for stroke in found if stroke]


def height(strokes: Sequence[Sequence[Point]]) -> int:
    """How far down the ink goes, in the same unit."""
    return max((point.y for stroke in strokes for point in stroke), default=0)


def _point(word: str) -> Point | None:
    x, _, y = word.partition(",")
    try:
        return Point(int(x), int(y))
    except ValueError:
        return None
