"""What is being typed in a form, kept as a sealed draft: a call, a crash, an empty battery lose nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from goes_mobile.protocol.problems import Locked
from goes_mobile.services.desk import Desk
from goes_mobile.state.app import App

PATIENCE = 0.4
"""Seconds without a key stroke until the draft is written."""
_MOMENTS: dict[Any, str] = {datetime: "datetime", date: "date", time: "time"}


class Kept:
    """One form's draft by its key. Only the newest of several quick changes is written."""

    def __init__(self, app: App, key: str, on_kept: Callable[[], Any] | None = None) -> None:
        self._app = app
        self._profile = app.profile
        """Whose form it is, whoever takes the tablet next."""
        self._key = key
        self._on_kept = on_kept
        self._waiting: Mapping[str, Any] | None = None
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> dict[str, Any]:
        """What was typed before; empty if nothing was."""
        found = await self._app.ask(_load, self._key)
        return {name: _opened(value) for name, value in found.items()}

    def later(self, values: Mapping[str, Any]) -> None:
        """Written as soon as nobody types."""
        self._waiting = dict(values)
        if self.now not in self._app.before_lock:
            self._app.before_lock.append(self.now)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._waiting is not None:
            seen = self._waiting
            await asyncio.sleep(PATIENCE)
            if seen is self._waiting:
                with contextlib.suppress(Locked):  # too late: it was sealed before the keys went, or never came
                    await self.now()

    async def now(self) -> None:
        """Written at once."""
        values, self._waiting = self._waiting, None
        self._written()
        if values is not None:
            # Not through the app: when it locks, this is the last that is written before the keys go.
            await self._profile.ask(_save, self._key, {name: _plain(value) for name, value in values.items()})
            if self._on_kept is not None:
                self._on_kept()

    async def drop(self) -> None:
        """The form was saved, or is not wanted."""
        self._waiting = None
        self._written()
        await self._app.ask(_drop, self._key)

    def _written(self) -> None:
        if self.now in self._app.before_lock:
            self._app.before_lock.remove(self.now)


def _plain(value: Any) -> Any:
    """What a draft can hold; days and times say what they are."""
    for kind, name in _MOMENTS.items():
        if type(value) is kind:
            return f"{name}:{value.isoformat()}"
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _opened(value: Any) -> Any:
    if isinstance(value, str):
        name, _, told = value.partition(":")
        kind = next((kind for kind, known in _MOMENTS.items() if known == name), None)
        with contextlib.suppress(ValueError):  # somebody wrote a text that begins like that
            return kind.fromisoformat(told) if kind is not None else value
        return value
    if isinstance(value, Mapping):
        return {key: _opened(inner) for key, inner in value.items()}
    return [_opened(inner) for inner in value] if isinstance(value, list) else value


def _load(desk: Desk, key: str) -> dict[str, Any]:
    return desk.archive.drafts.load(key) or {}


def _save(desk: Desk, key: str, values: dict[str, Any]) -> None:
    desk.archive.drafts.save(key, values)


def _drop(desk: Desk, key: str) -> None:
    desk.archive.drafts.drop(key)
