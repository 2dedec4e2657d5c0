"""Where fonts, texts and presets lie: beside the sources in a checkout, inside the package in an installation."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED = _PACKAGE / "assets"

ASSETS: Path = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parents[1] / "assets"
