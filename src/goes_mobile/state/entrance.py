"""How an empty profile becomes a member's device. The composition root brings it; tests have a fake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from goes_mobile.state.profile import Profile


class Entrance(Protocol):
    """Founding and enrolment, and what the platform keeps for a profile. Errors are :class:`GoesError` with a code."""

    async def device_secret(self, profile: Profile) -> bytes | None:
        """The secret the device's keystore holds for it; ``None`` where there is no keystore, and so no PIN. Made anew
        only while nothing depends on it: in the place of a lost one it would look like a wrong PIN for ever."""

    async def forget(self, profile: Profile) -> None:
        """The profile has ended, and with it the device's secret for it."""

    async def found(
        self, profile: Profile, server: str, setup_token: str, preset: str, member_name: str, sites: Sequence[str],
        secret: str,
    ) -> str:  # fmt: skip
        """A new organisation, this profile its administrator's device, open afterwards; the recovery sheet's words.

        ``sites``: short names of the preset whose records the administrator may read.
        """

    async def enrol(self, profile: Profile, server: str, code: str, secret: str) -> None:
        """This profile becomes the device of the member who was given the code; open afterwards."""
