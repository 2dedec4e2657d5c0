"""Netzwerkpartner: the directory and one of them."""

from goes_mobile.ui.screens.partners.listing import PartnersScreen
from goes_mobile.ui.screens.partners.partner import PartnerScreen

__all__ = ["PartnerScreen", "PartnersScreen"]
