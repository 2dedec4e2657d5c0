"""Whether an answer is an answer to *this* question. Half, doubled and stale answers are not success.

Nothing here trusts content: signatures, chains and running hashes are the store's to verify. What fails counts as no
answer at all (:class:`NotReachable`), so it is asked again and nothing is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from goes_mobile.protocol import entry as entries
from goes_mobile.protocol import wire
from goes_mobile.protocol.keys import principal_id
from goes_mobile.protocol.problems import Malformed, NotReachable
from goes_mobile.sync.local import Waiting
from goes_mobile.sync.steps import Backfill, Pull


def strange(reason: str) -> NotReachable:
    return NotReachable("strange_answer", reason=reason)


def is_ours(hello: wire.Hello, server_sign: bytes) -> bool:
    """Whether the server has the key that the founding entry names, and the id that follows from it: a challenge is
    signed for an id, so it must be nobody else's."""
    return hello.server_sign == server_sign and hello.server_id == principal_id(server_sign)


def pulled(step: Pull, answer: wire.PullAnswer) -> None:
    """Numbers rise from the cursor asked for to the cursor given, within one incarnation."""
    asked, given = step.cursor, answer.cursor
    if asked.incarnation and asked.incarnation != given.incarnation:
        raise strange("incarnation")
    if given.number < asked.number or (answer.more and given.number == asked.number):
        raise strange("cursor")
    last = asked.number
    for number, position, _, _ in answer.entries:
        if number <= last or position < 1:
            raise strange("numbers")
        last = number
    if last > given.number:
        raise strange("numbers")


def receipts_kept(unseen: Sequence[tuple[int, bytes]], step: Pull, answer: wire.PullAnswer) -> bool:
    """Whether the feed shows the entries of our receipts at their numbers, as far as it has come.

    A feed that ends before such a number, or has something else there, is an older one (a copied-back database). What
    had been promised before then cannot be told from what is promised now, so each push's receipt is looked for.
    """
    begins, ends = step.cursor.number, answer.cursor.number
    wanted = {number: entry_hash for number, entry_hash in unseen if begins < number <= ends}
    if not answer.more and any(number > ends for number, _ in unseen):
        return False
    if len(wanted) < sum(1 for number, _ in unseen if begins < number <= ends):
        return False  # one number promised twice
    found = {number: raw for number, _, _, raw in answer.entries if number in wanted}
    try:
        return all(n in found and entries.decode(found[n]).hash == entry_hash for n, entry_hash in wanted.items())
    except Malformed:
        return False


def backfilled(step: Backfill, answer: wire.BackfillAnswer) -> None:
    """The stream asked for, position by position, without a hole."""
    if answer.head.stream != step.stream:
        raise strange("stream")
    position = step.after
    for _, given, _, _ in answer.entries:
        if given != position + 1:
            raise strange("positions")
        position = given
    if answer.more and not answer.entries:
        raise strange("more")


def receipts(organisation: bytes, server_sign: bytes, blob: bytes) -> wire.Receipts:
    """The receipts, if our server's key signed them for our organisation."""
    try:
        found = wire.read_receipts(blob, server_sign)
    except Malformed as error:
        raise NotReachable("receipt_forged", reason=error.code) from None
    if found.organisation != organisation:
        raise NotReachable("receipt_forged", reason="organisation")
    return found


def refusals(sent: Sequence[Waiting], answer: wire.PushAnswer) -> list[wire.Refusal]:
    """The refusals of what was sent, by the hashes it has here."""
    ours = _ours(sent, {refusal.hash for refusal in answer.refused})
    return [wire.Refusal(hash=ours[r.hash], code=r.code) for r in answer.refused if r.hash in ours]


def unread(sent: Sequence[Waiting], answer: wire.PushAnswer) -> set[bytes]:
    """Of what was sent, by the hashes it has here, what the server is too old for."""
    ours = _ours(sent, set(answer.unread))
    return {ours[named] for named in answer.unread if named in ours}


def _ours(sent: Sequence[Waiting], named: set[bytes]) -> dict[bytes, bytes]:
    """Our hashes by those the server may use: an entry that it cannot read it names by its bytes."""
    ours = {waiting.hash: waiting.hash for waiting in sent}
    if named - ours.keys():
        ours |= {hashlib.sha256(waiting.raw).digest(): waiting.hash for waiting in sent}
    return ours


def pushed(sent: Sequence[Waiting], found: wire.Receipts, refused: Sequence[wire.Refusal], unread: set[bytes],
           answer: wire.PushAnswer) -> None:  # fmt: skip
    """Every entry sent was spoken about, or stands behind one of its chain that was."""
    blocked = {refusal.hash for refusal in refused} | set(answer.unknown) | unread
    told = {item[0] for item in found.items} | blocked
    silent = [waiting for waiting in sent if waiting.hash not in told]
    if not silent:
        return
    chains = {(gap.stream, gap.device, gap.run) for gap in answer.gaps}
    chains |= {chain(waiting) for waiting in sent if waiting.hash in blocked}
    if any(chain(waiting) not in chains for waiting in silent):
        raise strange("entries not spoken about")


def chain(waiting: Waiting) -> tuple[bytes, bytes, bytes]:
    """(stream, device, run) of a waiting entry."""
    try:
        header = entries.decode(waiting.raw).header
    except Malformed:
        return (b"", b"", b"")
    return (header.stream, header.device, header.run)
