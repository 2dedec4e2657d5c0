"""Entries of the kinds that have no screens of their own: the page of one, and the form."""

from goes_mobile.ui.screens.entries.page import EntryScreen
from goes_mobile.ui.screens.entries.writing import ChangeEntryScreen, NewEntryScreen, NewPersonEntryScreen

__all__ = ["ChangeEntryScreen", "EntryScreen", "NewEntryScreen", "NewPersonEntryScreen"]
