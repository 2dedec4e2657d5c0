"""What the sync chip says, from what synchronisation knows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from goes_mobile.sync.state import SyncState
from goes_mobile.ui.frame import Delivery
from goes_mobile.ui.main import tell

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)


@pytest.mark.parametrize(
    ("state", "net", "since"),
    [
        (SyncState("idle", 0, 9, last_contact_ms=AT_MS), "delivered", None),
        (SyncState("idle", 3), "waiting", None),
        (SyncState("sending", 3), "sending", None),
        (SyncState("receiving", 0), "delivered", None),
        (SyncState("receiving", 2), "waiting", None),
        (SyncState("offline", 3, last_contact_ms=AT_MS), "offline", AT),
        (SyncState("offline", 0), "offline", None),
        (SyncState("trouble", 3, trouble="revoked"), "broken", None),
    ],
)
def test_each_state_has_its_chip(state: SyncState, net: str, since: datetime | None):
    delivery = Delivery()
    tell(delivery, state)
    assert (delivery.net, delivery.waiting, delivery.since) == (net, state.waiting, since)


def test_who_has_no_server_is_offline():
    delivery = Delivery()
    tell(delivery, SyncState("idle", 2), delivers=False)
    assert (delivery.net, delivery.waiting) == ("offline", 2)
