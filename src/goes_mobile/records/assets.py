"""Where the package finds its own files: beside it when installed, in the project when developed, in a built app."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def directory() -> Path:
    """The folder ``assets`` (fonts, texts, code lists, presets)."""
    places = [_PACKAGE / "assets", _PACKAGE.parents[1] / "assets"]
    if built := os.environ.get("FLET_ASSETS_DIR"):  # set by a packaged app
        places.append(Path(built))
    for place in places:
        if (place / "codes.json").is_file():
            return place
    raise FileNotFoundError(f"no assets in {', '.join(map(str, places))}")


def read(name: str) -> str:
    """The text of one asset, named relative to the folder."""
    return (directory() / name).read_text(encoding="utf-8")
