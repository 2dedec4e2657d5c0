"""Passing on without any network: what waits leaves as a file, what came as a file is taken in."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from goes_mobile.protocol.parcel import MAX_PARCEL
from goes_mobile.services.desk import Desk
from goes_mobile.state.app import App
from goes_mobile.state.delivery import opened
from goes_mobile.store.model import Unpacked


@ft.observable
@dataclass
class Parcels:
    """The program's own word is asked of nobody: entries prove by themselves whose they are."""

    app: App
    busy: bool = False
    shares: bool = False
    """Whether the device can hand it on by itself: near-by sharing, mail."""
    went_to: str = ""
    """Where the last parcel was put."""
    taken: Unpacked | None = None

    @property
    def came(self) -> dict[str, int]:
        """What became of the entries of the last parcel that were not known here, where there are any."""
        told = self.taken
        if told is None:
            return {}
        became = {"new": told.new, "carried": told.carried, "held": told.held, "refused": told.refused}
        return {what: n for what, n in became.items() if n}

    async def reload(self) -> None:
        self.shares = self.app.files is not None and await self.app.files.shares()

    async def give(self, by_sharing: bool = False) -> None:
        """All that waits, sealed, to where the person chooses. It goes on waiting here."""
        if self.app.files is None or self.busy:
            return
        self.busy = True
        try:
            name = await self.app.ask(_file_name)
            profile = self.app.profile
            made = await profile.lane(opened(profile).make_parcel)
            if by_sharing:
                self.went_to = name if await self.app.files.share(name, made.content) else ""
            else:
                self.went_to = await self.app.files.save(name, made.content) or ""
            self.taken = None
        finally:
            self.busy = False

    async def take(self) -> None:
        """A parcel that the person chooses; :class:`Malformed` says why a file is none."""
        if self.app.files is None or self.busy:
            return
        self.busy = True
        try:
            picked = await self.app.files.choose(MAX_PARCEL)
            if picked is None:
                return
            self.went_to, self.taken = "", None
            profile = self.app.profile
            self.taken = await profile.lane(opened(profile).take_parcel, picked.content)
            if profile.delivering is not None:
                profile.delivering.saved()
            self.app.tell("delivery")
        finally:
            self.busy = False


def _file_name(desk: Desk) -> str:
    """Nobody's name, no place: whoever finds the card learns when it was written."""
    return f"paket-{desk.now.astimezone(desk.zone):%Y-%m-%d-%H%M}.goes"
