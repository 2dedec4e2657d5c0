"""Reading a control log for the first time: from the root key on, and up to what the inviter had seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import ChainEnd, ChainId, decode, running
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import Malformed, Refused
from goes_mobile.protocol.service import Service
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.protocol.welcome import Welcome
from goes_mobile.sync.checks import backfilled
from goes_mobile.sync.steps import Backfill


@dataclass(frozen=True, slots=True)
class ControlLog:
    """A verified control log: its entries as the server handed them out, and what they say."""

    incarnation: str
    entries: tuple[wire.RemoteEntry, ...]
    head: wire.Head
    ledger: Ledger


async def read_control(service: Service, welcome: Welcome) -> ControlLog:
    """The whole control log; raises :class:`Malformed` if it is not the one that the inviter knew.

    The feed's incarnation is asked first: positions are worth something only together with it.
    """
    incarnation = await _incarnation(service)
    control = CONTROL.id(welcome.organisation)
    entries: list[wire.RemoteEntry] = []
    more = True
    while more:
        step = Backfill(control, len(entries), wire.MAX_PULL_ENTRIES)
        answer = await service.backfill(wire.BackfillRequest(stream=control, after=len(entries)))
        backfilled(step, answer)
        entries += answer.entries
        more = answer.more
    return ControlLog(incarnation, tuple(entries), answer.head, verified(entries, welcome))


async def _incarnation(service: Service) -> str:
    """Also of a restored server that waits for the control log: who holds the recovery sheet may read it even then."""
    try:
        return (await service.pull(wire.PullRequest(cursor=wire.Cursor(), limit=1))).cursor.incarnation.hex()
    except Refused as error:
        if error.code != "feed_restarted":
            raise
        return str(error.facts["incarnation"])


def verified(entries: Sequence[wire.RemoteEntry], welcome: Welcome) -> Ledger:
    """What a control log says, if every entry of it is signed and it reaches the inviter's witness.

    ``control_forged``: an entry that nobody certified has signed, or a broken chain. ``control_withheld``: it ends
    before, or differs from, what the inviter had seen; a server that shows less is hiding something.
    """
    ledger = Ledger(welcome.organisation)
    ends: dict[ChainId, ChainEnd] = {}
    at = b""
    reached = welcome.control.position == 0
    for position, (_, _, _, raw) in enumerate(entries, 1):
        entry = decode(raw)
        header = entry.header
        end = ends.get(header.chain, ChainEnd())
        key = ledger.signing_key(entry)
        ours = (header.organisation, header.stream) == (welcome.organisation, CONTROL.id(welcome.organisation))
        if not ours or key is None or (header.n, header.previous) != (end.n + 1, end.hash) or not entry.signed_by(key):
            raise Malformed("control_forged", position=position)
        ledger.apply(entry)
        ends[header.chain] = ChainEnd(header.n, entry.hash)
        at = running(at, entry.hash, position)
        if position == welcome.control.position:
            reached = at[: len(welcome.control.running)] == welcome.control.running
    if not reached:
        raise Malformed("control_withheld", position=len(entries))
    if ledger.founding is None or ledger.founding.server_sign != welcome.server_sign:
        raise Malformed("control_forged", position=1)
    return ledger
