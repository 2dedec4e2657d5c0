"""Streams and groups: the unit of sharing and erasure, and who is meant by a grant.

Their ids are derived from what they are for, so every device finds the same id offline; the server sees the id alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from goes_mobile.protocol.keys import ID

StreamType = Literal["control", "org", "site", "site_supervisors", "coordination", "person"]
GroupType = Literal["org", "site", "site_supervisors", "coordination", "recovery"]


@dataclass(frozen=True, slots=True)
class StreamRef:
    """A stream by what it is about; ``subject`` is a site's or a person's id (text), else empty."""

    type: StreamType
    subject: str = ""

    def id(self, organisation: bytes) -> bytes:
        return _derive(organisation, "stream", self.type, self.subject)


@dataclass(frozen=True, slots=True)
class GroupRef:
    """A group of devices by what they share."""

    type: GroupType
    subject: str = ""

    def id(self, organisation: bytes) -> bytes:
        return _derive(organisation, "group", self.type, self.subject)


CONTROL = StreamRef("control")
ORG = StreamRef("org")
COORDINATION = StreamRef("coordination")
RECOVERY = GroupRef("recovery")


def recipients(stream: StreamRef, site: str) -> list[GroupRef]:
    """The groups a new stream is granted to: those who work with it, and the recovery sheet from the first day."""
    groups: dict[StreamType, list[GroupRef]] = {
        "control": [],
        "org": [GroupRef("org")],
        "site": [GroupRef("site", stream.subject)],
        "site_supervisors": [GroupRef("site_supervisors", stream.subject)],
        "coordination": [GroupRef("coordination")],
        "person": [GroupRef("site", site)],
    }
    return [*groups[stream.type], RECOVERY] if stream.type != "control" else []


def _derive(organisation: bytes, *parts: str) -> bytes:
    return hashlib.sha256(b"goes\0" + organisation + "\0".join(parts).encode()).digest()[:ID]
