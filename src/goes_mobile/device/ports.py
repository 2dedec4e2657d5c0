"""What a device can do for the program, each behind a port: platforms differ, tests bring fakes.

Keystore and connectivity are among :class:`goes_mobile.state.parts.Parts`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Biometrics(Protocol):
    """Fingerprint or face: confirms who is there, or is not offered."""

    async def offered(self) -> bool: ...

    async def confirm(self, reason: str) -> bool: ...


class Files(Protocol):
    """Giving a file out of the program, by the person's own choice of place."""

    async def save(self, name: str, content: bytes) -> Path | None:
        """Where it was saved; ``None`` if the person thought better of it."""


class Share(Protocol):
    """Handing a text (an invite code) to another program of the device."""

    async def text(self, text: str) -> bool: ...
