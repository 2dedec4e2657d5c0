"""Draws the icon and the start pictures: a way from the near edge to a point, which is somebody waiting.

Run from the project's root: .venv/bin/python docs/brand/draw.py
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PETROL, WARM, AMBER, MINT = "#0B5A5E", "#F7F6F2", "#FFBC63", "#84D5D2"
SIZE, FINE = 1024, 4  # drawn four times as large, then scaled: smooth edges


def way() -> Iterator[tuple[float, float]]:
    """A road with two bends, in a square of 1000 around the origin."""
    fine = [step / 400 for step in range(401)]
    yield from ((-235 + 355 * t, 220) for t in fine)
    yield from ((120 + 105 * sin(pi * t), 115 + 105 * cos(pi * t)) for t in fine)
    yield from ((120 - 230 * t, 10) for t in fine)
    yield from ((-110 - 105 * sin(pi * t), -95 + 105 * cos(pi * t)) for t in fine)
    yield from ((-110 + 130 * t, -200) for t in fine)


POINT = (205, -200)


def picture(ground: str | None, line: str, share: float, rounded: bool = False) -> Image.Image:
    """One square picture; `share` of its side is the drawing."""
    side = SIZE * FINE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if ground:
        draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 0.22 if rounded else 0, fill=ground)
    scale = side * share / 1000

    def dot(at: tuple[float, float], radius: float, colour: str) -> None:
        x, y, r = side / 2 + at[0] * scale, side / 2 + at[1] * scale, radius * scale
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    for step in way():
        dot(step, 54, line)
    dot(POINT, 96, AMBER)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def main() -> None:
    pictures = {
        "icon.png": picture(PETROL, WARM, 1.05, rounded=True),
        # The systems cut these to their own shape; the drawing keeps inside the part they never cut.
        "icon_android.png": picture(None, WARM, 0.78),
        "icon_ios.png": picture(PETROL, WARM, 1.0),
        "splash.png": picture(None, PETROL, 0.70),
        "splash_dark.png": picture(None, MINT, 0.70),
    }
    for name, image in pictures.items():
        if name == "icon_ios.png":
            image = image.convert("RGB")
        image.save(ASSETS / name, optimize=True)


if __name__ == "__main__":
    main()
