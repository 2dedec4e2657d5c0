"""A forgotten PIN or passphrase: asking on the locked device, answering on a supervisor's. Nothing that waits is lost.

The new PIN is chosen *before* the code is shown, and the fresh key lies sealed under it: whoever has the disk and has
overheard the answer still has nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.protocol.ids import to_text
from goes_mobile.protocol.keys import KEY, kem_public
from goes_mobile.protocol.ledger import recovery_epoch
from goes_mobile.protocol.problems import Damaged, InputRefused, Locked
from goes_mobile.protocol.reset import NAME, Answer, Question, hide, uncover
from goes_mobile.protocol.streams import RECOVERY
from goes_mobile.store.journal import Journal
from goes_mobile.vault.boxes import Box
from goes_mobile.vault.founding import open_escrow
from goes_mobile.vault.lock import USUAL, LockCost, LockRecord, make_lock, open_lock

if TYPE_CHECKING:
    from goes_mobile.store.store import Store

PENDING = "reset"
TRIES = 5


# -- on the locked device -----------------------------------------------------------------------------------------


def ask(store: Store, new: str, device_secret: bytes | None = None, cost: LockCost = USUAL) -> str:
    """The code to show a supervisor; ``new`` is the PIN or passphrase that will count. An earlier code is void."""
    me = store.ledger.principals.get(store.device)
    if me is None or store.device not in store.ledger.escrows:
        raise InputRefused("reset_no_escrow")
    fresh = os.urandom(KEY)
    lock = make_lock(new, fresh, device_secret, cost)
    question = Question(store.device[:NAME], kem_public(fresh))
    store.journal.put(PENDING, {"lock": lock.dump(), "code": question.code, "wrong": 0})
    return question.code


def asked(store: Store) -> str:
    """The code that still waits for its answer; empty if none does."""
    pending = store.journal.get(PENDING)
    return str(pending["code"]) if pending else ""


def void(journal: Journal) -> None:
    """No answer counts any more."""
    if journal.get(PENDING) is not None:
        journal.put(PENDING, None)


def finish(store: Store, typed: str, new: str, device_secret: bytes | None = None, cost: LockCost = USUAL) -> None:
    """The supervisor's answer: from here on ``new`` opens the profile, which stays locked.

    One transaction, so the old or the new one counts, never neither. Raises :class:`Malformed` (``code_typo`` with its
    group), :class:`InputRefused` (``reset_not_asked``, ``reset_wrong_answer``, ``reset_unknown_answerer``) or
    :class:`Locked` (``reset_new_differs`` with ``tries_left``, ``reset_over``).
    """
    answer = Answer.typed(typed)
    fresh = _fresh(store, new, device_secret)
    vault_key = _vault_key(store, answer, fresh)
    lock = make_lock(new, vault_key, device_secret, cost)
    with store.journal.transaction():
        store.journal.put("lock", lock.dump())
        store.journal.put(PENDING, None)
        store.find("unlock_reset", {"by": answer.name.hex()})
    store.gate.forgive()


def _fresh(store: Store, new: str, device_secret: bytes | None) -> bytes:
    """The fresh key, under the PIN that was chosen with it. Tries are few: beginning anew costs only another code."""
    pending = store.journal.get(PENDING)
    if not pending:
        raise InputRefused("reset_not_asked")
    wrong = int(pending["wrong"]) + 1
    store.journal.put(PENDING, {**pending, "wrong": wrong} if wrong < TRIES else None)
    try:
        fresh = open_lock(LockRecord.load(pending["lock"]), new, device_secret)
    except Locked as error:
        if error.code != "wrong_pin":
            raise
        if wrong >= TRIES:
            raise Locked("reset_over") from None
        raise Locked("reset_new_differs", tries_left=TRIES - wrong) from None
    store.journal.put(PENDING, {**pending, "wrong": 0})
    return fresh


def _vault_key(store: Store, answer: Answer, fresh: bytes) -> bytes:
    """What the answer hides, if it opens this device's own keys."""
    founding = store.ledger.founding
    known = [(p.id, p.kem) for p in store.ledger.devices() if p.id[:NAME] == answer.name and p.active]
    if founding is not None and store.organisation[:NAME] == answer.name:
        known.append((store.organisation, founding.recovery_kem))
    if not known:
        raise InputRefused("reset_unknown_answerer")
    for answering, kem in known:
        vault_key = uncover(answer, store.device, fresh, answering, kem)
        try:
            Box(vault_key).open(store.journal.get("device_seed", b"", must=True), b"device seed")
        except Damaged:
            continue
        return vault_key
    raise InputRefused("reset_wrong_answer")


# -- on the device that helps -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose device asks, to be compared with who stands there."""

    device: bytes
    member: str
    role: str
    kem: bytes = field(repr=False)


def asking(store: Store, typed: str) -> Asking:
    """Whose code this is; :class:`Malformed` names a wrong group, :class:`InputRefused` says why nobody may help."""
    question = Question.typed(typed)
    devices = [device for device in store.ledger.devices() if device.id[:NAME] == question.name]
    if not devices:
        raise InputRefused("reset_unknown_device")
    active = [device for device in devices if device.active]
    if len(active) != 1:  # ended; or two of one name, which nobody comes by without meaning to
        raise InputRefused("reset_ended_device")
    return Asking(active[0].id, to_text(active[0].member), active[0].role, question.kem)


def answer(store: Store, whose: Asking, sheet: RecoverySheet | None = None) -> str:
    """The code that lets the member in again, by this device's keys or by the recovery sheet's. It is taken note of."""
    escrow = store.ledger.escrows.get(whose.device)
    if escrow is None:
        raise InputRefused("reset_no_escrow")
    device = store.keys.device
    answering, kem_secret, held = store.device, device.kem_secret, store.keys.groups
    if sheet is not None:
        _check_sheet(store, sheet)
        answering, kem_secret = store.organisation, sheet.recovery_kem
        recovery = RECOVERY.id(store.organisation)
        held = {recovery: {recovery_epoch(kem_public(sheet.recovery_kem)): sheet.recovery_kem}}
    vault_key = open_escrow(escrow, whose.device, held)
    if vault_key is None:
        raise InputRefused("reset_not_yours")
    made = hide(vault_key, whose.device, whose.kem, answering, kem_secret)
    with store.journal.transaction():
        store.find("unlock_answered", {"device": whose.device.hex()})
    return made.code


def _check_sheet(store: Store, sheet: RecoverySheet) -> None:
    if sheet.organisation != store.organisation:
        raise InputRefused("foreign_sheet", field="sheet")
