"""Whose token this is, and what that lets them do."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from goes_mobile.protocol.ledger import Ledger, Principal
from goes_mobile.protocol.problems import problem
from goes_mobile.protocol.service import read_delivery_bearer
from goes_mobile.protocol.wire import VERSION
from sync_server.organisations import Known, Organisations
from sync_server.tables import DeliveryToken, Session, tables

_session, _delivery = tables(Session, DeliveryToken)
_SESSION = "session"
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a token stands for. Whether they are still admitted is asked of the ledger at every call."""

    organisation: bytes
    principal: bytes
    delivery: bool
    version: int
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Visit:
    """An admitted call: who, in which organisation, in which state of its feed."""

    caller: Caller
    principal: Principal
    row: Row[Any]
    known: Known

    @property
    def names(self) -> frozenset[bytes]:
        return self.known.names(self.principal.id)


def spelled(organisation: bytes, secret: bytes) -> str:
    """A session's token: like a delivery token it says in which organisation to look."""
    return f"{_SESSION}.{organisation.hex()}.{secret.hex()}"


def keep_session(
    connection: Connection, token: str, principal: bytes, version: int, now_ms: int, expires_ms: int
) -> None:
    """Stores the token's hash; what has expired goes at the same time."""
    organisation, secret = _read_session(token)
    connection.execute(delete(_session).where(_session.c.organisation == organisation, _session.c.expires_ms < now_ms))
    connection.execute(insert(_session).values(
        organisation=organisation, token=_hash(secret), principal=principal, version=version, expires_ms=expires_ms
    ))  # fmt: skip


class Callers:
    """Tokens, looked up once; a row is never changed, so the memory of it is never wrong."""

    def __init__(self, organisations: Organisations, clock: Callable[[], int]) -> None:
        self._organisations = organisations
        self._clock = clock
        self._remembered: OrderedDict[str, Caller] = OrderedDict()

    def enter(self, connection: Connection, token: str, *, reads: bool, lock: bool = False,
              farewell: bool = False) -> Visit:  # fmt: skip
        """Admit a call or raise the problem that says why not. ``farewell``: a revoked device may do this once more:
        learn why from the control log, and deliver what waits, as late."""
        caller = self._caller(connection, token)
        row, known = self._organisations.get(connection, caller.organisation, lock=lock)
        principal = known.ledger.principals.get(caller.principal)
        if principal is None:
            raise problem(
                "session_expired"
            )  # its certificate went with a restart; its entries come by others' sessions
        if principal.revoked is not None and not farewell:
            raise problem("revoked")
        if reads and principal.suspended:
            raise problem("not_allowed")
        if reads and caller.version < VERSION:
            raise problem("too_old")
        return Visit(caller, principal, row, known)

    def _caller(self, connection: Connection, token: str) -> Caller:
        caller = self._remembered.get(token)
        if caller is None or caller.delivery:  # a delivery token may be replaced, a session may not
            caller = self._look_up(connection, token)
            self._remembered[token] = caller
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        if self._clock() > caller.expires_ms:
            raise problem("session_expired")
        return caller

    def _look_up(self, connection: Connection, token: str) -> Caller:
        delivery = read_delivery_bearer(token)
        if delivery is not None:
            organisation, secret = delivery
            device = connection.scalar(select(_delivery.c.device).where(
                _delivery.c.organisation == organisation, _delivery.c.hash == _hash(secret)
            ))  # fmt: skip
            if device is None:
                raise problem("unauthorised")
            return Caller(organisation, device, True, VERSION, 2**62)
        organisation, secret = _read_session(token)
        found = connection.execute(
            select(_session).where(_session.c.organisation == organisation, _session.c.token == _hash(secret))
        ).one_or_none()
        if found is None:
            raise problem("session_expired")
        return Caller(organisation, found.principal, False, found.version, found.expires_ms)


def end_delivery(connection: Connection, visit: Visit) -> None:
    """The device has delivered what it had."""
    connection.execute(delete(_delivery).where(
        _delivery.c.organisation == visit.known.id, _delivery.c.device == visit.principal.id
    ))  # fmt: skip


def refuse_the_ended(ledger: Ledger, principal: Principal, now_ms: int) -> None:
    """Nobody enters anew who is suspended, or an invite that is revoked, used or has expired. A revoked device may, for
    its farewell."""
    if principal.revoked is not None and principal.sort != "device":
        raise problem("revoked")
    if principal.suspended:
        raise problem("not_allowed")
    if principal.sort == "invite":
        if principal.id in ledger.used:
            raise problem("invite_used")
        if principal.expires_at is not None and now_ms > principal.expires_at:
            raise problem("invite_expired")


def _read_session(token: str) -> tuple[bytes, bytes]:
    try:
        kind, organisation, secret = token.split(".")
        if kind == _SESSION:
            return bytes.fromhex(organisation), bytes.fromhex(secret)
    except ValueError:
        pass
    raise problem("unauthorised")


def _hash(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
