"""Einstellungen: how it looks and speaks, when it locks, who works here; about."""

from goes_mobile.ui.screens.settings.about import AboutScreen
from goes_mobile.ui.screens.settings.secret import NewSecretScreen
from goes_mobile.ui.screens.settings.wishes import SettingsScreen

__all__ = ["AboutScreen", "NewSecretScreen", "SettingsScreen"]
