"""How an organisation begins, how a member is invited, and how an empty device becomes a member's.

Each flow may be interrupted anywhere (network, crash, empty battery) and begun again: what was done is found and not
done twice, and what cannot be done any more says why (``invite_used``, ``invite_expired``, ``unknown_invite``,
``code_typo`` with its group, ``welcome_forged``, ``control_withheld``, ``setup_token_wrong``). No key, member or
recipient is taken on the server's word: everything rests on the root key, or on the invite's code.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from goes_mobile.protocol import clear, wire
from goes_mobile.protocol.codes import InviteSecret, RecoverySheet
from goes_mobile.protocol.entry import Entry, decode
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.problems import InputRefused, Locked, Malformed, NotReachable, Refused, problem
from goes_mobile.protocol.service import Service
from goes_mobile.protocol.streams import CONTROL
from goes_mobile.protocol.welcome import Welcome, seal, unseal
from goes_mobile.store.identity import Identity
from goes_mobile.sync.checks import is_ours, receipts
from goes_mobile.sync.lane import apply
from goes_mobile.sync.local import DELIVERY_TOKEN, FEED_KNOWN, SERVER_URL, TOKEN_KNOWN_TO, Lane, Local
from goes_mobile.sync.remote import Remote
from goes_mobile.sync.round import Round
from goes_mobile.sync.steps import Confirm
from goes_mobile.sync.trust import ControlLog, read_control
from goes_mobile.vault.founding import enrolment, first_groups, founding_records, invitation
from goes_mobile.vault.keyring import Keyring, OpenedKey

Random = Callable[[int], bytes]
SITES = "founded_sites"  # of the county, until their groups are made
REGISTERED = "registered"  # the server has this organisation
HALF = "half_begun"  # the server may not know of this device yet: nothing is written here before it does
SHEET = "recovery_sheet"  # sealed in the profile until the person has kept it elsewhere


class Home(Local, Protocol):
    """An unlocked profile that can sign control records."""

    @property
    def keyring(self) -> Keyring | None: ...
    def append_clear(
        self, records: Iterable[clear.Clear], author: KeyPair | None = None, keep: Iterable[OpenedKey] = ()
    ) -> list[Entry]: ...
    def offer_escrow(self) -> None: ...
    def personal(self, key: str, /) -> object: ...
    def set_personal(self, key: str, value: object, /) -> None: ...


H = TypeVar("H", bound=Home)


@dataclass(frozen=True, slots=True)
class NewProfile:
    """What a new profile directory is made of; ``device_seed`` is kept sealed."""

    identity: Identity
    device_seed: bytes = field(repr=False)


Make = Callable[[NewProfile], H]
"""Creates the profile on disk; called in the lane."""


def _keys(home: Home) -> Keyring:
    if home.keyring is None:
        raise Locked("locked")
    return home.keyring


# -- a new organisation --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new organisation is told: ``sites`` of the county, and those whose files the first administrator reads."""

    server_url: str
    preset: str
    member: bytes
    sites: tuple[str, ...]
    own_sites: tuple[str, ...] = ()


async def found(remote: Remote, ask: Lane, make: Make[H], beginning: Beginning, setup_token: str, random: Random) -> H:
    """A new organisation with this profile as its first administrator. The sheet's words are in :func:`sheet_words`.

    If it is interrupted or the token was wrong, the profile exists: go on with :func:`register`.
    """
    hello = await remote.hello()
    sheet = RecoverySheet(random(32))
    seed = random(32)
    device = KeyPair.from_seed(seed).principal
    identity = Identity(sheet.organisation, device, beginning.member, hello.server_sign, beginning.preset)
    home = await ask(make, NewProfile(identity, seed))
    await ask(_begin, home, sheet, beginning, random(32).hex())
    await register(remote, ask, home, setup_token)
    return home


async def register(remote: Remote, ask: Lane, home: Home, setup_token: str) -> None:
    """Tell the server of the organisation; harmless if it knows."""
    request = await ask(_found_request, home, setup_token)
    if request is not None:
        await remote.found(request)
        await ask(home.settings.set, REGISTERED, True)
    await ask(home.settings.set, HALF, False)


def without_root(home: Home) -> bool:
    """Whether it was switched off before the root key signed anything: that key is lost, and nobody was told of it."""
    return home.ledger.founding is None


def sheet_words(home: Home) -> str:
    """The recovery sheet's words, as long as :func:`sheet_kept` has not been called."""
    words = home.personal(SHEET)
    return words if isinstance(words, str) else ""


def sheet_kept(home: Home) -> None:
    """The person has the sheet on paper: the profile forgets it."""
    home.set_personal(SHEET, "")


def _begin(home: Home, sheet: RecoverySheet, beginning: Beginning, token: str) -> None:
    home.set_personal(SHEET, sheet.words)
    settle(home, beginning.server_url, token)
    device = _keys(home).device.public
    home.append_clear(
        founding_records(sheet, home.identity.server_sign, device, beginning.member, beginning.own_sites),
        author=sheet.root,
    )
    home.settings.set(SITES, list(beginning.sites))
    _first_groups(home)


def settle(home: Home, server_url: str, token: str) -> None:
    """Where the server is, and what delivers while locked. A token once made is kept."""
    home.settings.set(HALF, True)
    home.settings.set(SERVER_URL, server_url)
    if not home.settings.get(DELIVERY_TOKEN, ""):
        home.settings.set(DELIVERY_TOKEN, token)


def _first_groups(home: Home) -> None:
    """The groups that are not there yet; each is a record of its own, so that a crash between two is mended here."""
    ledger = home.ledger
    made = first_groups(ledger, ledger.principals[home.device], home.settings.get(SITES, []))
    for new, keeps in made:
        if new.record.owner not in home.ledger.groups:
            home.append_clear([new.record], keep=[new.opened] if keeps else [])
    home.offer_escrow()


def _found_request(home: Home, setup_token: str) -> wire.FoundRequest | None:
    if home.settings.get(REGISTERED, False):
        return None
    if without_root(home):
        raise InputRefused("founding_incomplete")
    _first_groups(home)
    return wire.FoundRequest(
        setup_token=setup_token, organisation=home.organisation, entries=tuple(home.control_entries())
    )


# -- an invite -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited: a member's id, and what they will be."""

    member: bytes
    role: clear.Role
    sites: tuple[str, ...]
    expires_ms: int


async def invite(rounds: Round, ask: Lane, home: Home, guest: Guest, random: Random) -> InviteSecret:
    """Certify an invite, bring that to the server, leave the sealed welcome there. The code is the secret's ``code``.

    Needs the server. After an error nothing is open: the invite's code was never told, a new one is made next time.
    """
    service = await rounds.service()
    secret = InviteSecret(random(16))
    await ask(_certify_invite, home, guest, secret)
    outcome = await rounds.run()
    if outcome.trouble:
        raise NotReachable(outcome.trouble) if rounds.engine.phase == "offline" else Refused(outcome.trouble)
    welcome = await ask(_welcome, home, guest, secret)
    await service.put_welcome(wire.WelcomePut(
        lookup=secret.lookup, sealed=seal(welcome, secret), expires_ms=guest.expires_ms, invite=secret.keys.principal
    ))  # fmt: skip
    return secret


def _certify_invite(home: Home, guest: Guest, secret: InviteSecret) -> None:
    made = invitation(secret, guest.member, guest.role, guest.sites, guest.expires_ms, home.ledger, _keys(home))
    home.append_clear(made.records, keep=made.keep)


def _welcome(home: Home, guest: Guest, secret: InviteSecret) -> Welcome:
    control = home.reached(CONTROL.id(home.organisation))
    if secret.keys.principal not in home.ledger.principals:
        raise Refused("invite_refused")
    identity = home.identity
    return Welcome(home.organisation, identity.server_sign, control, identity.preset, guest.expires_ms)


# -- an empty device -----------------------------------------------------------------------------------------------


async def enrol(remote: Remote, ask: Lane, make: Make[H], code: str, server_url: str, random: Random,
                begun: H | None = None) -> H:  # fmt: skip
    """This empty profile becomes the device of the member whom the code invites.

    ``begun`` is the profile that an interrupted enrolment with the same code has left; its keys are used again, because
    a second device from one invite would suspend both. Afterwards the profile synchronises as every other.
    """
    secret = InviteSecret.typed(code)
    if begun is not None and begun.device in begun.ledger.principals:
        await _deliver(remote, ask, begun, secret)
        await ask(begun.settings.set, HALF, False)
        await _leave_token(remote, ask, begun)
        return begun
    hello = await remote.hello()
    answer = await remote.welcome(wire.WelcomeGet(lookup=secret.lookup))
    welcome = unseal(answer.sealed, secret)
    if not is_ours(hello, welcome.server_sign):
        raise Refused("foreign_server")
    if hello.time_ms > welcome.expires_at:
        raise problem("invite_expired")
    if begun is not None and begun.organisation != welcome.organisation:
        raise InputRefused("foreign_invite", field="code")
    service = await as_principal(remote, hello, welcome.organisation, secret.keys)
    log = await read_control(service, welcome)
    home = begun if begun is not None else await ask(make, _new_profile(log, welcome, secret, random))
    await ask(settle, home, server_url, random(32).hex())
    await ask(_certify, home, log, secret, hello.time_ms)
    await push_of(service, ask, home, secret.keys)
    await ask(home.settings.set, HALF, False)
    await _leave_token(remote, ask, home)
    return home


def _new_profile(log: ControlLog, welcome: Welcome, secret: InviteSecret, random: Random) -> NewProfile:
    invited = log.ledger.principals.get(secret.keys.principal)
    if invited is None or invited.sort != "invite":
        raise Malformed("control_withheld", position=len(log.entries))
    seed = random(32)
    device = KeyPair.from_seed(seed).principal
    identity = Identity(welcome.organisation, device, invited.member, welcome.server_sign, welcome.preset)
    return NewProfile(identity, seed)


def _certify(home: Home, log: ControlLog, secret: InviteSecret, at_ms: int) -> None:
    """Take the control log, certify this device with the invite's key, pass on to it what the invite was granted."""
    home.settings.set(FEED_KNOWN, log.incarnation)
    home.receive(log.entries, (log.head,), None)
    if home.device not in home.ledger.principals:
        home.append_clear(enrolment(secret, _keys(home).device, home.ledger, at_ms), author=secret.keys)
    home.offer_escrow()


async def _deliver(remote: Remote, ask: Lane, home: Home, secret: InviteSecret) -> None:
    """The device is certified here; make sure that the server knows. It does if it opens a session for the device. With
    another code than it began with nothing can be delivered: ``foreign_invite``."""
    hello = await remote.hello()
    device = _keys(home).device
    try:
        await remote.open_session(_request(hello, home.organisation, device))
    except Refused as error:
        if error.code != "unauthorised":
            raise
        if not await ask(_of_author, home, secret.keys.principal):
            raise InputRefused("foreign_invite", field="code") from None
        await push_of(await as_principal(remote, hello, home.organisation, secret.keys), ask, home, secret.keys)


async def _leave_token(remote: Remote, ask: Lane, home: Home) -> None:
    """Let the server know the delivery token at once: a tablet that is switched on again and that nobody unlocks must
    deliver from its first day. If it fails, the first round does it."""
    with contextlib.suppress(NotReachable, Refused):
        hello = await remote.hello()
        session = await remote.open_session(_request(hello, home.organisation, _keys(home).device))
        token = bytes.fromhex(home.settings.get(DELIVERY_TOKEN, ""))
        await remote.session(session.token).put_delivery_token(wire.DeliveryToken(hash=hashlib.sha256(token).digest()))
        await ask(home.settings.set, TOKEN_KNOWN_TO, home.settings.get(FEED_KNOWN, ""))


async def as_principal(remote: Remote, hello: wire.Hello, organisation: bytes, who: KeyPair) -> Service:
    """The server with a session of an invite's, or of the root's."""
    session = await remote.open_session(_request(hello, organisation, who))
    return remote.session(session.token)


def _request(hello: wire.Hello, organisation: bytes, who: KeyPair) -> wire.SessionRequest:
    message = wire.session_message(hello.server_id, organisation, who.principal, hello.challenge)
    return wire.SessionRequest(
        organisation=organisation, principal=who.principal, challenge=hello.challenge, signature=who.sign(message)
    )


async def push_of(service: Service, ask: Lane, home: Home, author: KeyPair) -> None:
    """What an invite or the root has certified here, whether it waits or was confirmed by a server that has since been
    restored; all or nothing, since it is one chain of theirs."""
    entries = await ask(_of_author, home, author.principal)
    answer = await service.push(wire.PushRequest(entries=entries))
    found = receipts(home.organisation, home.identity.server_sign, answer.receipts)
    await ask(apply, home, [Confirm(found, answer.receipts)])
    if answer.refused:
        raise Refused("enrolment_refused", reason=answer.refused[0].code)


def _of_author(home: Home, author: bytes) -> tuple[bytes, ...]:
    return tuple(raw for raw in home.control_entries() if decode(raw).header.device == author)
