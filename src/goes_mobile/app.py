"""The composition root: the only place where parts are wired. Everything it uses can be replaced (:class:`Parts`)."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from goes_mobile.device.desktop import AlwaysTry, NoKeystore, ticks, wall_clock
from goes_mobile.protocol.problems import InputRefused, Refused
from goes_mobile.state.delivery import Delivery
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
from goes_mobile.store.disk import DATABASE
from goes_mobile.sync.driver import HttpServer

if TYPE_CHECKING:
    from goes_mobile.state.app import App


def desktop() -> Parts:
    """The parts of a plain computer."""
    return Parts(
        clock=wall_clock, ticks=ticks, chance=random.random, random=os.urandom, remote=HttpServer,
        keystore=NoKeystore(), connectivity=AlwaysTry(),
    )  # fmt: skip


def make_profile(home: Path, parts: Parts | None = None) -> Profile:
    """A profile directory with its synchronisation; nothing is opened yet."""
    parts = parts or desktop()
    profile = Profile(home, parts.clock)
    profile.delivering = Delivery(profile, parts)
    return profile


class Device:
    """The program on one device: its people's profiles, each opened once and shared by all windows."""

    def __init__(self, homes: Sequence[Path], parts: Parts | None = None, lock_after_s: float = 120) -> None:
        self._parts = parts or desktop()
        self.profiles = [make_profile(home, self._parts) for home in homes]
        self._doorway = Doorway(self._parts)
        self._lock_after_s = lock_after_s

    def session(self) -> App:
        """For one window: unlocking is its own."""
        from goes_mobile.state.app import App  # brings Flet, which commands do without

        self._parts.connectivity.window_opened()
        session = App(self.profiles, self._doorway, self._lock_after_s, lambda: self._parts.ticks() / 1000)
        session.files = self._parts.files
        return session

    async def open(self) -> None:
        """Opens what is there, locked, and lets it deliver. Raises :class:`InUse` if another program has it."""
        for profile in self.profiles:
            if profile.exists:
                with contextlib.suppress(Refused, InputRefused):  # its erasure, or its beginning, was interrupted
                    await profile.open()
                    assert profile.delivering is not None  # make_profile() gave it one
                    profile.delivering.start()

    async def close(self) -> None:
        """Ends what is under way, locks, lets go of the directories."""
        for profile in self.profiles:
            await profile.close()


def profiles_in(directory: Path) -> list[Path]:
    """The profiles of a shared device, and an empty one for whoever comes next."""
    there = sorted(path.parent for path in directory.glob(f"*/{DATABASE}"))
    number = next(n for n in itertools.count(1) if directory / f"profile-{n}" not in there)
    return [*there, directory / f"profile-{number}"]
