"""Who this profile is: what is kept in clear beside the sealed device key, readable while locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from goes_mobile.protocol.problems import Damaged


@dataclass(frozen=True, slots=True)
class Identity:
    """Ids only: the server knows them too. Names are in the organisation's stream."""

    organisation: bytes
    device: bytes
    member: bytes
    server_sign: bytes
    preset: str

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> Identity:
        try:
            return cls(**data)
        except TypeError:
            raise Damaged("journal_damaged", reason="identity") from None


Clock = Callable[[], int]
"""The device's wall clock in milliseconds since 1970; it may be wrong."""
