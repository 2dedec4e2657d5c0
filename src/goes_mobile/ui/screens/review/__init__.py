"""Prüfen: the queue, the facts, the verdict."""

from goes_mobile.ui.screens.review.case import CaseScreen
from goes_mobile.ui.screens.review.queue import ReviewScreen

__all__ = ["CaseScreen", "ReviewScreen"]
