"""How one comes in: founding, sessions, welcomes, delivery tokens."""

from __future__ import annotations

import hashlib

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from goes_mobile.protocol import wire
from goes_mobile.protocol.keys import verify
from goes_mobile.protocol.problems import problem
from goes_mobile.protocol.roles import rights
from sync_server import callers, organisations
from sync_server.batch import Lengths, open_batch
from sync_server.bulk import insert_rows
from sync_server.core import Core
from sync_server.feed import organisation_row
from sync_server.pushing import check_size, take
from sync_server.tables import DeliveryToken, SetupToken, Welcome, tables

MAX_WELCOME = 16 * 1024
_setup, _welcome, _delivery = tables(SetupToken, Welcome, DeliveryToken)


def hello(core: Core) -> wire.Hello:
    now = core.clock()
    identity = core.identity
    return wire.Hello(server_id=identity.id, server_sign=identity.sign, time_ms=now, challenge=identity.challenge(now))


def found(core: Core, request: wire.FoundRequest) -> wire.Nothing:
    """A new organisation. Asked again with the same token it says *done* again: the answer may have been lost."""
    check_size(request.entries)
    token = hashlib.sha256(request.setup_token.encode()).digest()
    now = core.clock()
    try:
        with core.database.write() as connection:
            held = connection.execute(select(_setup).where(_setup.c.hash == token).with_for_update()).one_or_none()
            if held is None:
                raise problem("setup_token_wrong")
            if organisation_row(connection, request.organisation) is not None:
                if held.used_by == request.organisation:
                    return wire.Nothing()
                raise problem("organisation_exists")
            if held.used_by is not None:
                raise problem("setup_token_wrong")
            organisations.found(connection, request.organisation, core.random(16), now)
            row, known = core.organisations.get(connection, request.organisation, lock=True)
            judgement = take(connection, row, known, open_batch(request.organisation, request.entries), now, Lengths())
            whole = judgement.whole and not judgement.refused and known.position == len(judgement.accepted)
            if not whole or known.ledger.founding is None:
                raise problem("malformed", reason="founding")
            connection.execute(update(_setup).where(_setup.c.hash == token).values(used_by=request.organisation))
            organisations.write_down(connection, request.organisation, "founded", now, request.organisation)
    except IntegrityError:
        core.organisations.forget(request.organisation)
        raise problem("organisation_exists") from None
    except BaseException:
        core.organisations.forget(request.organisation)
        raise
    return wire.Nothing()


def open_session(core: Core, request: wire.SessionRequest) -> wire.Session:
    now = core.clock()
    identity, settings = core.identity, core.settings
    if not identity.challenge_holds(request.challenge, now, settings.challenge_ms):
        raise problem("unauthorised")
    with core.database.write() as connection:
        _, known = core.organisations.get(connection, request.organisation)
        principal = known.ledger.principals.get(request.principal)
        message = wire.session_message(identity.id, request.organisation, request.principal, request.challenge)
        if principal is None or not verify(principal.sign, request.signature, message):
            raise problem("unauthorised")
        callers.refuse_the_ended(known.ledger, principal, now)
        token = callers.spelled(request.organisation, core.random(32))
        expires_ms = now + settings.session_ms
        if principal.expires_at is not None:
            expires_ms = min(expires_ms, principal.expires_at)
        callers.keep_session(connection, token, principal.id, _version(request.version), now, expires_ms)
        organisations.write_down(connection, known.id, "session", now, principal.id, principal.member)
    return wire.Session(token=token, expires_ms=expires_ms, time_ms=now)


def welcome(core: Core, request: wire.WelcomeGet) -> wire.WelcomeAnswer:
    """The invite's sealed welcome, as long as the invite is good and the control log is complete."""
    now = core.clock()
    with core.database.write() as connection:
        held = connection.execute(select(_welcome).where(_welcome.c.lookup == request.lookup)).first()
        if held is None:
            raise problem("unknown_invite")
        row, known = core.organisations.get(connection, held.organisation)
        if row.awaiting_control:
            raise core.restarted(row)
        if now > held.expires_ms:
            raise problem("invite_expired")
        invite = known.ledger.principals.get(held.invite)
        if invite is not None:
            callers.refuse_the_ended(known.ledger, invite, now)
        member = invite.member if invite else b""
        organisations.write_down(connection, known.id, "welcome_fetched", now, held.invite, member)
    return wire.WelcomeAnswer(sealed=held.sealed)


def put_welcome(core: Core, token: str, request: wire.WelcomePut) -> wire.Nothing:
    """Only who may appoint anybody may leave a welcome here."""
    if len(request.sealed) > MAX_WELCOME:
        raise problem("too_large")
    if len(request.invite) not in (0, 16) or not 0 <= request.expires_ms < 2**63:
        raise problem("malformed")
    with core.database.write() as connection:
        visit = core.callers.enter(connection, token, reads=True)
        principal, organisation = visit.principal, visit.known.id
        author = connection.scalar(select(_welcome.c.author).where(_welcome.c.lookup == request.lookup))
        allowed = principal.sort == "device" and rights(principal.role).appoints and author in (None, principal.id)
        if visit.caller.delivery or not allowed:
            raise problem("not_allowed")
        insert_rows(connection, _welcome, [{
            "organisation": organisation, "lookup": request.lookup, "author": principal.id, "invite": request.invite,
            "sealed": request.sealed, "expires_ms": request.expires_ms,
        }], replace=True)  # fmt: skip
        organisations.write_down(connection, organisation, "welcome_put", core.clock(), principal.id, principal.member)
    return wire.Nothing()


def put_delivery_token(core: Core, token: str, request: wire.DeliveryToken) -> wire.Nothing:
    """One for each device; a new one replaces the old."""
    with core.database.write() as connection:
        visit = core.callers.enter(connection, token, reads=True)
        principal, organisation = visit.principal, visit.known.id
        if visit.caller.delivery or principal.sort != "device":
            raise problem("not_allowed")
        insert_rows(
            connection,
            _delivery,
            [{"organisation": organisation, "device": principal.id, "hash": request.hash}],
            replace=True,
        )
        organisations.write_down(
            connection, organisation, "delivery_token", core.clock(), principal.id, principal.member
        )
    return wire.Nothing()


def _version(claimed: int) -> int:
    """As far as we care: older than ours, or not."""
    return max(0, min(claimed, wire.VERSION))
