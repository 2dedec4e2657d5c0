"""What a device can do for the program, each behind a port: platforms differ, tests bring fakes.

Keystore, connectivity and files are among :class:`goes_mobile.state.parts.Parts`.
"""

from __future__ import annotations

from typing import Protocol


class Biometrics(Protocol):
    """Fingerprint or face: confirms who is there, or is not offered."""

    async def offered(self) -> bool: ...

    async def confirm(self, reason: str) -> bool: ...


class Share(Protocol):
    """Handing a text (an invite code) to another program of the device."""

    async def text(self, text: str) -> bool: ...
