"""The in-memory server with what a simulation does to it: quick copies, backups that are brought back."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from dataclasses import replace

from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.principals import Group, GroupEpoch
from tests.fakes.server import FakeServer, Feed, Stream


def copy_ledger(ledger: Ledger) -> Ledger:
    """Its own containers; what lies in them is copied where it can change."""
    new = copy.copy(ledger)
    for name, value in vars(ledger).items():
        if isinstance(value, dict | set):
            setattr(new, name, copy.copy(value))
    new.groups = {
        owner: Group(group.ref, {name: _copy_epoch(epoch) for name, epoch in group.epochs.items()})
        for owner, group in ledger.groups.items()
    }
    new.orders = {name: replace(order, confirmed_by=set(order.confirmed_by)) for name, order in ledger.orders.items()}
    return new


def _copy_epoch(epoch: GroupEpoch) -> GroupEpoch:
    more = {to: list(offers) for to, offers in epoch.more.items()}
    return GroupEpoch(epoch.epoch, epoch.kem, epoch.author, epoch.replaces, dict(epoch.sealed), more)


def copy_feed(feed: Feed, kind: type[Feed] | None = None) -> Feed:
    new = copy.copy(feed)
    new.__class__ = kind or type(feed)
    new.incarnations = set(feed.incarnations)
    new.log = list(feed.log)
    new.hashes = list(feed.hashes)
    new.chains = {chain: list(stored) for chain, stored in feed.chains.items()}
    new.streams = {
        name: Stream(
            list(stream.entries), list(stream.running), {epoch: set(to) for epoch, to in stream.epochs.items()},
            set(stream.replaced),
        )
        for name, stream in feed.streams.items()
    }  # fmt: skip
    new.delivery = dict(feed.delivery)
    new.ledger = copy_ledger(feed.ledger)
    return new


class Server(FakeServer):
    """``feed_kind`` is where bugs are planted."""

    def copy(self, clock: Callable[[], int], random: Callable[[int], bytes], feed_kind: type[Feed]) -> Server:
        """This server, as it is now, in another world."""
        new = copy.copy(self)
        new.clock = clock
        new.random = random
        new.feeds = {name: copy_feed(feed, feed_kind) for name, feed in self.feeds.items()}
        for feed in new.feeds.values():
            feed.clock = clock  # type: ignore[attr-defined]
        new.sessions = dict(self.sessions)
        new.welcomes = dict(self.welcomes)
        new.arrived = asyncio.Event()
        return new

    def snapshot(self) -> object:
        return {name: copy_feed(feed) for name, feed in self.feeds.items()}, dict(self.welcomes), self.used_by

    def roll_back(self, snapshot: object) -> None:
        feeds, welcomes, used_by = snapshot  # type: ignore[misc]
        self.feeds = {name: copy_feed(feed) for name, feed in feeds.items()}
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
