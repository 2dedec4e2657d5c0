"""Offering a file to another site, and leaving one."""

from goes_mobile.ui.screens.sharing.leave import LeaveScreen
from goes_mobile.ui.screens.sharing.offer import OfferScreen

__all__ = ["LeaveScreen", "OfferScreen"]
