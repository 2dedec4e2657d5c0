"""The in-memory server with what a simulation does to it: quick copies, backups that are brought back."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import TypeVar

from tests.fakes.server import FakeServer, Feed, Stream

Part = TypeVar("Part")


def own(value: Part) -> Part:
    """A copy that shares only what never changes: containers and mutable dataclasses are copied, all else is kept."""
    kind = type(value)
    if kind is dict:
        return {name: own(part) for name, part in value.items()}  # type: ignore[attr-defined,return-value]
    if kind is list:
        return [own(part) for part in value]  # type: ignore[attr-defined,return-value]
    if kind is set:
        return set(value)  # type: ignore[call-overload,no-any-return]
    if not _changes(kind):
        return value
    new = copy.copy(value)
    names = vars(value) if hasattr(value, "__dict__") else [field.name for field in fields(value)]  # type: ignore[arg-type]
    for name in names:
        setattr(new, name, own(getattr(value, name)))
    return new


@cache
def _changes(kind: type) -> bool:
    """Whether instances of a class hold what can change."""
    told = getattr(kind, "__dataclass_params__", None)
    return kind in (Feed, Stream) or issubclass(kind, Feed) or (told is not None and not told.frozen)


class Server(FakeServer):
    """``feed_kind`` is where bugs are planted."""

    def copy(self, clock: Callable[[], int], random: Callable[[int], bytes], feed_kind: type[Feed]) -> Server:
        """This server, as it is now, in another world."""
        new = copy.copy(self)
        new.clock = clock
        new.random = random
        new.feeds = {name: own(feed) for name, feed in self.feeds.items()}
        for feed in new.feeds.values():
            feed.__class__ = feed_kind
            feed.clock = clock  # type: ignore[attr-defined]
        new.sessions = dict(self.sessions)
        new.welcomes = dict(self.welcomes)
        new.arrived = asyncio.Event()
        return new

    def snapshot(self) -> object:
        return {name: own(feed) for name, feed in self.feeds.items()}, dict(self.welcomes), self.used_by

    def roll_back(self, snapshot: object) -> None:
        feeds, welcomes, used_by = snapshot  # type: ignore[misc]
        self.feeds = {name: own(feed) for name, feed in feeds.items()}
        self.welcomes = dict(welcomes)
        self.used_by = used_by

    @property
    def feed(self) -> Feed:
        return next(iter(self.feeds.values()))

    def everything(self) -> bytes:
        """All bytes that this server holds, for looking whether a key or a word is among them."""
        parts = [stored.entry.raw for stored in self.feed.log]
        parts += [put.sealed for *_, put in self.welcomes.values()]
        parts += list(self.feed.delivery)
        return b"\0".join(parts)
