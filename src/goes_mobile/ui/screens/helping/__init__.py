"""Helping others in: with one's own keys as a supervisor, or with the recovery sheet."""

from goes_mobile.ui.screens.helping.handing import HandOutScreen
from goes_mobile.ui.screens.helping.help import HelpScreen

__all__ = ["HandOutScreen", "HelpScreen"]
