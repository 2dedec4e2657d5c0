"""The county this profile works for: its places, its added codes, its rules."""

from __future__ import annotations

from goes_mobile.protocol.problems import Locked
from goes_mobile.records.presets import Preset, preset
from goes_mobile.state.app import App


def county(app: App) -> Preset:
    """The preset of the profile that is open."""
    if app.profile.store is None:
        raise Locked("locked")
    return preset(app.profile.store.identity.preset)
