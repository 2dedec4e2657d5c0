"""Deleting by two people, what is due, and what is held about somebody."""

from goes_mobile.ui.screens.deletion.calendar import CalendarScreen
from goes_mobile.ui.screens.deletion.disclosure import DisclosureScreen
from goes_mobile.ui.screens.deletion.hold import HoldScreen
from goes_mobile.ui.screens.deletion.orders import DeletionsScreen
from goes_mobile.ui.screens.deletion.request import DeletionScreen

__all__ = ["CalendarScreen", "DeletionScreen", "DeletionsScreen", "DisclosureScreen", "HoldScreen"]
