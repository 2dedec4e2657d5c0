"""How far a record has come, as a pill."""

from __future__ import annotations

from typing import Any

import flet as ft

from goes_mobile.ui.components import StatePill

_PILLS = {"here": "saved", "waiting": "waiting", "server": "delivered", "devices": "seen", "held": "held"}
REVIEW = {
    "open": "open", "approved": "approved", "question": "question", "answered": "answered", "returned": "returned",
    "changed": "changed_since",
}  # fmt: skip


def DeliveryPill(delivery: Any, *, small: bool = False) -> ft.Control:
    """hier gespeichert · wartet · beim Server · auf 3 Geräten · zurückgehalten"""
    return StatePill(_PILLS.get(delivery.state, "saved"), delivery.devices, small=small)


def ReviewPill(state: str) -> ft.Control:
    """offen · freigegeben · Rückfrage · …"""
    return StatePill(REVIEW.get(state, "open"))
