"""The composition root: the only place where parts are wired. Everything it uses can be replaced (:class:`Parts`)."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from goes_mobile.device.desktop import AlwaysTry, NoKeystore, ticks, wall_clock
from goes_mobile.protocol.problems import GoesError
from goes_mobile.state.delivery import Delivery
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
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


def make_app(homes: Sequence[Path], parts: Parts | None = None, lock_after_s: float = 120) -> App:
    """The screens' app on one or several profiles of this device."""
    from goes_mobile.state.app import App  # brings Flet, which commands do without

    parts = parts or desktop()
    return App([make_profile(home, parts) for home in homes], Doorway(parts), lock_after_s)


async def start(app: App) -> None:
    """Opens what is there (locked) and lets it deliver."""
    await app.start()
    for profile in app.profiles:
        if profile.store is not None and profile.delivering is not None:
            with contextlib.suppress(GoesError):
                profile.delivering.start()
