"""The screen turned to the young person: their words, large, without a note. Leaving it needs the PIN."""

from __future__ import annotations

from goes_mobile.ui.screens.client.turned import ClientScreen

__all__ = ["ClientScreen"]
