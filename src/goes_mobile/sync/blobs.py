"""Photos and documents in a round, after all entries: ask what the server has, then move what is missing, small first.

Nothing is remembered here that must last: what is here lies in the store, what is there the server is asked, so a cut
at any moment costs at most the request that was under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goes_mobile.protocol import wire
from goes_mobile.protocol.blobs import CHUNK, CHUNKS_AT_ONCE
from goes_mobile.sync.plan import Plan
from goes_mobile.sync.steps import AskBlobs, BlobHeard, BlobStep, Effect, Facts, GetChunks, KeepChunks, PutChunks

if TYPE_CHECKING:
    from goes_mobile.sync.engine import Engine

ABOUT_ONE = ("not_allowed", "too_large", "malformed", "blob_differs", "no_room", "unknown_stream")
"""Refusals that concern one blob; the others go on."""


def next_step(engine: Engine, plan: Plan, facts: Facts) -> BlobStep | None:
    if plan.blob_steps:
        step = plan.blob_steps[0]
        most = max(1, min(CHUNKS_AT_ONCE, engine.pace.push_bytes // CHUNK))
        return type(step)(step.blob, step.numbers[:most])
    if plan.blobs_asked and plan.blobs_moved:
        plan.blobs_asked = plan.blobs_moved = False
        plan.dirty = True  # look again: what came in the meantime, or did not fit into one question
        return None
    if plan.blobs_asked or not (plan.wish.push or plan.wish.pull):
        return None
    reads = engine.may_read(plan)
    asked = tuple(
        blob
        for blob in facts.blobs
        if (blob.stream, blob.id) not in plan.blobs_tried and (len(blob.here) == blob.count or reads)
    )
    return AskBlobs(asked) if asked else None


def question(step: AskBlobs) -> wire.BlobsAsk:
    return wire.BlobsAsk(blobs=tuple(wire.BlobPlace(stream=blob.stream, blob=blob.id) for blob in step.blobs))


def told(engine: Engine, plan: Plan, step: AskBlobs, answer: wire.BlobsAnswer) -> list[Effect]:
    """What the server has decides what is sent and what is fetched."""
    plan.blobs_asked = True
    there = {(here.stream, here.blob): set(here.chunks) for here in answer.blobs}
    effects: list[Effect] = []
    for blob in step.blobs:
        place = (blob.stream, blob.id)
        plan.blobs_tried.add(place)
        known, own = there.get(place, set()) & set(range(blob.count)), set(blob.here)
        effects.append(BlobHeard(*place, len(known)))
        if len(own) == blob.count and plan.wish.push and (missing := own - known):
            plan.blob_steps.append(PutChunks(blob, tuple(sorted(missing))))
        if engine.may_read(plan) and plan.wish.pull and (wanted := known - own):
            plan.blob_steps.append(GetChunks(blob, tuple(sorted(wanted))))
    return effects


def parcel(step: PutChunks, chunks: Sequence[tuple[int, bytes]]) -> wire.ChunksPut:
    return wire.ChunksPut(stream=step.blob.stream, blob=step.blob.id, count=step.blob.count, chunks=tuple(chunks))


def put(plan: Plan, step: PutChunks, sent: wire.ChunksPut) -> list[Effect]:
    left = _move_on(plan, step)
    if len(sent.chunks) < len(step.numbers):  # erased, or damaged, since the store was asked
        return []
    return [BlobHeard(step.blob.stream, step.blob.id, step.blob.count - left)]


def got(plan: Plan, step: GetChunks, answer: wire.ChunksAnswer) -> list[Effect]:
    _move_on(plan, step)
    chunks = tuple(chunk for chunk in answer.chunks if chunk[0] in step.numbers)
    return [KeepChunks(step.blob.id, chunks)] if chunks else []


def refused(engine: Engine, plan: Plan, step: BlobStep, code: str) -> None:
    """One that the server does not take stays here and is tried again in the next round; it holds up no other."""
    plan.blob_steps = [other for other in plan.blob_steps if isinstance(step, AskBlobs) or other.blob != step.blob]
    plan.blobs_asked = True
    if code != "unknown_stream":  # its entries wait for something else, and tell it
        plan.trouble = plan.trouble or (code if code in ("no_room", "blob_differs") else "blobs_refused")


def _move_on(plan: Plan, step: PutChunks | GetChunks) -> int:
    """Past what was just moved; how many of the same kind are left of this blob."""
    plan.blobs_moved = True
    first = plan.blob_steps.pop(0)
    rest = tuple(number for number in first.numbers if number not in step.numbers)
    if rest:
        plan.blob_steps.insert(0, type(first)(first.blob, rest))
    return len(rest)
