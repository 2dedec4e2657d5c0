"""Team und Geräte: who works here, and how somebody new comes in."""

from goes_mobile.ui.screens.members.devices import MemberScreen
from goes_mobile.ui.screens.members.invite import InviteScreen
from goes_mobile.ui.screens.members.listing import MembersScreen

__all__ = ["InviteScreen", "MemberScreen", "MembersScreen"]
