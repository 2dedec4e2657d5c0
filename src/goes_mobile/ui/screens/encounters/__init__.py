"""Begegnungen: the list with its filters, and one of them."""

from goes_mobile.ui.screens.encounters.encounter import EncounterScreen
from goes_mobile.ui.screens.encounters.listing import EncountersScreen

__all__ = ["EncounterScreen", "EncountersScreen"]
