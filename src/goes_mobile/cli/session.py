"""One command at one profile: where it is, how it opens, what it may say."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import typer

from goes_mobile.app import desktop, make_profile
from goes_mobile.cli.explaining import explain
from goes_mobile.cli.output import Output, note
from goes_mobile.protocol.problems import CannotWrite, Locked
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
from goes_mobile.store.store import Store

T = TypeVar("T")
Opening = Literal["unlocked", "if_given", "none"]
"""``unlocked``: the PIN is needed · ``if_given``: used if there is one, not asked for · ``none``: nothing is opened."""
parts: Callable[[], Parts] = desktop
"""What the commands take from the world; tests put their own here."""


def default_home() -> Path:
    """Where the profile is when nobody says so: the platform's place for a program's data (an app is told it)."""
    place = os.environ.get("FLET_APP_STORAGE_DATA") or typer.get_app_dir("goes-mobil")
    return Path(place) / "profile-1"


class Session:
    """Global options of one run."""

    def __init__(self, home: Path | None, pin_file: Path | None, as_json: bool) -> None:
        self.home_given = home is not None
        self.home = home or default_home()
        self.pin_file = pin_file
        self.out = Output(as_json)

    def run(self, work: Callable[[Profile], Awaitable[T]], opening: Opening = "unlocked") -> T:
        """Runs the work on the opened profile and lets go of the directory, whatever happens."""
        return asyncio.run(self._run(work, opening))

    async def _run(self, work: Callable[[Profile], Awaitable[T]], opening: Opening) -> T:
        profile = make_profile(self.home, parts())
        try:
            if opening != "none":
                await profile.open()
                await self._unlock(profile, opening)
                if code := store_of(profile).cannot_write:
                    note(f"{explain(CannotWrite(code))} What is there can be read.")
            return await work(profile)
        finally:
            with contextlib.suppress(CannotWrite):  # closing writes a snapshot at most
                await profile.close()

    async def _unlock(self, profile: Profile, opening: Opening) -> None:
        secret = self.secret(ask=opening == "unlocked")
        if secret is None and opening == "unlocked":
            raise Locked("no_secret")
        if secret is not None:
            try:
                await profile.unlock(secret, await parts().keystore.secret(profile.home.name, make=False))
            except Locked as error:
                if error.code != "lease" or opening == "unlocked":  # a contact is just what it asks for
                    raise

    def secret(self, ask: bool, twice: bool = False) -> str | None:
        """The PIN or passphrase: from the file, the environment, or the terminal. Never from an argument."""
        if self.pin_file is not None:
            return _first_line(self.pin_file)
        if given := os.environ.get("GOES_PIN"):
            return given
        if not ask or not _somebody_there():
            return None
        typed = getpass.getpass("PIN or passphrase: ", stream=sys.stderr)
        if twice and typed != getpass.getpass("Once more: ", stream=sys.stderr):
            raise typer.BadParameter("the two did not match", param_hint="PIN or passphrase")
        return typed

    def new_secret(self) -> str:
        """For a new profile."""
        secret = self.secret(ask=True, twice=True)
        if secret is None:
            raise Locked("no_secret")
        return secret


def store_of(profile: Profile) -> Store:
    assert profile.store is not None  # opened by run()
    return profile.store


def _first_line(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"cannot be read ({type(error).__name__})", param_hint="--pin-file") from None
    return text.splitlines()[0] if text.splitlines() else ""


def _somebody_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def as_values(pairs: list[str]) -> dict[str, Any]:
    """``FIELD=VALUE`` arguments; VALUE is JSON, or else text."""
    told: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{pair.partition('=')[0]!r} is not FIELD=VALUE", param_hint="FIELD=VALUE")
        try:
            told[name] = json.loads(value)
        except ValueError:
            told[name] = value
    return told
