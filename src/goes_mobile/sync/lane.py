"""What is done in the store's lane during a round: facts, batches to send, effects of answers. Synchronous."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from goes_mobile.protocol import wire
from goes_mobile.protocol.entry import decode
from goes_mobile.protocol.problems import Locked
from goes_mobile.protocol.roles import who_may
from goes_mobile.protocol.service import delivery_bearer
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.sync.local import (
    DELIVERY_TOKEN,
    FEED_KNOWN,
    GROUPS_CHECKED,
    TOKEN_KNOWN_TO,
    UNSEEN_RECEIPTS,
    Local,
    Received,
)
from goes_mobile.sync.steps import (
    Batch,
    BlobHeard,
    Confirm,
    Effect,
    Facts,
    FillGaps,
    KeepChunks,
    KeepReceipt,
    LearnTime,
    Push,
    PutAside,
    ReceiptsSeen,
    Receive,
    Remember,
    Restart,
    Sent,
)

MOST_UNSEEN = 100


def look(local: Local) -> Facts:
    """The facts the engine decides by."""
    ledger, organisation, device = local.ledger, local.organisation, local.device
    me = ledger.principals.get(device)
    control = CONTROL.id(organisation)
    known = local.settings.get
    groups = hashlib.sha256(b"".join(sorted(ledger.groups_of(device)))).hexdigest()[:32]
    token = known(DELIVERY_TOKEN, "")
    return Facts(
        organisation, device, local.identity.server_sign, me is not None and me.role in who_may("complete_log"),
        me is not None and me.revoked is not None,
        local.keyring is not None, delivery_bearer(organisation, bytes.fromhex(token)) if token else "",
        known(TOKEN_KNOWN_TO, ""), known(FEED_KNOWN, ""), unseen(local), groups, known(GROUPS_CHECKED, ""),
        control, local.reached(control).position, local.cursor(), tuple(local.missing()), bool(local.waiting(1)),
        tuple(local.blobs.open()), local.counts(),
    )  # fmt: skip


def session_request(local: Local, server_id: bytes, challenge: bytes) -> wire.SessionRequest:
    """The server's challenge, signed by this device."""
    if local.keyring is None:
        raise Locked("locked")
    message = wire.session_message(server_id, local.organisation, local.device, challenge)
    signature = local.keyring.device.sign(message)
    return wire.SessionRequest(
        organisation=local.organisation, principal=local.device, challenge=challenge, signature=signature
    )


def read(local: Local, step: Push) -> Batch:
    """What a push carries, beyond what was read before."""
    if step.control:
        return _control(local, step)
    found = local.waiting(step.max_entries, step.max_bytes, step.after)
    size = sum(len(waiting.raw) for waiting in found)
    exhausted = len(found) < step.max_entries and size <= step.max_bytes // 2
    return Batch(found, found[-1].seq if found else step.after, exhausted or not found)


def _control(local: Local, step: Push) -> Batch:
    raws = local.control_entries()
    chosen: list[Sent] = []
    size = 0
    for seq, raw in enumerate(raws[step.after :], step.after + 1):
        size += len(raw)
        if chosen and (size > step.max_bytes or len(chosen) == step.max_entries):
            break
        chosen.append(Sent(seq, decode(raw).hash, raw))
    last = chosen[-1].seq if chosen else step.after
    return Batch(chosen, last, last >= len(raws))


def unseen(local: Local) -> tuple[tuple[int, bytes], ...]:
    """(number, entry hash) of receipts whose entries the feed has not shown yet."""
    return tuple((number, entry_hash) for number, entry_hash in local.settings.get(UNSEEN_RECEIPTS, []))


def keep_receipts(local: Local, receipts: Sequence[tuple[int, bytes]]) -> None:
    """Weeks of delivering while locked need no list without end: the first, and the latest, tell enough."""
    kept = list(dict.fromkeys(receipts))
    kept = [*kept[:1], *kept[1:][-MOST_UNSEEN:]]
    local.settings.set(UNSEEN_RECEIPTS, [list(receipt) for receipt in kept])


def note(local: Local, effect: Effect) -> None:
    """Effects that are no more than a setting."""
    match effect:
        case KeepReceipt(number, entry_hash):
            keep_receipts(local, [*unseen(local), (number, entry_hash)])
        case ReceiptsSeen(number):
            keep_receipts(local, [receipt for receipt in unseen(local) if receipt[0] > number])
        case Remember(key, value):
            local.settings.set(key, value)


def apply(local: Local, effects: Sequence[Effect]) -> list[Received]:
    """Effects in their order, each a transaction of its own; what was received is told."""
    received = []
    for effect in effects:
        match effect:
            case Confirm(receipts, blob):
                local.confirm(receipts, blob)
            case PutAside(refusals):
                for refusal in refusals:
                    local.refused(refusal.hash, refusal.code)
            case FillGaps(gaps):
                for gap in gaps:
                    local.gap(gap)
            case Receive(entries, heads, cursor):
                received.append(local.receive(entries, heads, cursor))
            case Restart(heads):
                keep_receipts(local, [])
                local.feed_restarted(wire.Cursor(), heads)
            case LearnTime(server_ms, round_trip_ms):
                local.learn_time(server_ms, round_trip_ms)
            case BlobHeard(stream, blob, sent):
                local.blobs.heard(stream, blob, sent)
            case KeepChunks(blob, chunks):
                received.append(local.blobs.keep(blob, chunks))
            case _:
                note(local, effect)
    return received
