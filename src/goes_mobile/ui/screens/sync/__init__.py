"""Synchronisation: what waits, what is confirmed, why not, and what can be done."""

from goes_mobile.ui.screens.sync.clock import ClockScreen
from goes_mobile.ui.screens.sync.held import HeldScreen, UndecidedScreen
from goes_mobile.ui.screens.sync.late import LateScreen
from goes_mobile.ui.screens.sync.overview import SyncScreen

__all__ = ["ClockScreen", "HeldScreen", "LateScreen", "SyncScreen", "UndecidedScreen"]
