"""The secret in front of a profile's keys: every try counted on disk, a change that is old or new and never neither."""

from __future__ import annotations

import contextlib

from goes_mobile.protocol.problems import CannotWrite, Locked
from goes_mobile.store import resetting
from goes_mobile.store.identity import Clock
from goes_mobile.store.journal import Journal
from goes_mobile.vault.attempts import Attempts
from goes_mobile.vault.lock import USUAL, LockCost, LockRecord, check_strength, make_lock, open_lock


class Gate:
    """Of one profile, locked or open."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._attempts = Attempts(*journal.get("attempts", [0, 0, 0]))

    @property
    def kind(self) -> str:
        """``pin`` or ``passphrase``: which the lock screen asks for."""
        return self.record().kind

    def record(self) -> LockRecord:
        return LockRecord.load(self._journal.get("lock", must=True))

    @property
    def attempts(self) -> Attempts:
        """Wrong tries so far. A clock that was set back is taken note of, so that a pause goes on passing."""
        settled = self._attempts.settled(self._clock())
        if settled != self._attempts:
            self._keep_attempts(settled)
        return settled

    def check(self, secret_text: str, device_secret: bytes | None = None) -> bytes:
        """The vault key. A try is counted on disk before the check; :class:`Locked` has ``tries_left``, ``wait_s``.

        A disk that takes nothing forgets the count when the program ends, so on such a disk no try is free of a pause.
        """
        now = self._clock()
        attempts = self.attempts
        if wait := attempts.wait_ms(now):
            raise Locked("wait", wait_s=-(-wait // 1000))
        record = self.record()
        if record.device_bound and device_secret is None:
            raise Locked("device_secret_missing")  # nobody has guessed anything
        begun = attempts.begun(now)
        if not self._keep_attempts(begun):
            begun = self._attempts = attempts.spent().begun(now)
        try:
            vault_key = open_lock(record, secret_text, device_secret)
        except Locked as error:
            wait = begun.wait_ms(now)
            raise Locked(error.code, tries_left=begun.left(), wait_s=-(-wait // 1000)) from None
        self._keep_attempts(begun.succeeded(now))
        with contextlib.suppress(CannotWrite):  # a code that still counts is no reason to stay locked
            resetting.void(self._journal)
        return vault_key

    def _keep_attempts(self, attempts: Attempts) -> bool:
        """Whether they are on disk; they count in any case while the program runs."""
        self._attempts = attempts
        try:
            self._journal.put("attempts", [attempts.failed, attempts.not_before_ms, attempts.highest_ms])
        except CannotWrite:
            return False
        return True

    def forgive(self) -> None:
        """Somebody who may has let the member in again: earlier wrong tries do not count any more."""
        self._keep_attempts(self.attempts.succeeded(self._clock()))

    def change(self, old: str, new: str, device_secret: bytes | None = None, cost: LockCost = USUAL) -> None:
        """A new PIN or passphrase; one row changes, so it is the old one or the new one, never neither."""
        check_strength(new, device_secret is not None)
        vault_key = self.check(old, device_secret)  # counted: an open device is no place to guess at ease
        self._journal.put("lock", make_lock(new, vault_key, device_secret, cost).dump())
