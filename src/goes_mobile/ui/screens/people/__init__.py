"""Menschen: the list, one file, and the forms around it."""

from goes_mobile.ui.screens.people.consent import NewConsentScreen
from goes_mobile.ui.screens.people.ending import CaseEndScreen
from goes_mobile.ui.screens.people.forms import ChangePersonScreen, NewPersonScreen
from goes_mobile.ui.screens.people.listing import PeopleScreen
from goes_mobile.ui.screens.people.merging import MergeScreen
from goes_mobile.ui.screens.people.person import PersonScreen

__all__ = [
    "CaseEndScreen", "ChangePersonScreen", "MergeScreen", "NewConsentScreen", "NewPersonScreen", "PeopleScreen",
    "PersonScreen",
]  # fmt: skip
