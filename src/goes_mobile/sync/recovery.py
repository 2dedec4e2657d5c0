"""All devices are lost: the recovery sheet makes a new administrator's device, which reads what everybody could read.

The sheet's root key opens a session by itself and certifies the device; the recovery group's key opens all groups'
keys, and the root grants them anew. Everything rests on the sheet. One thing it cannot know: how long the control log
was, so a server that has lost its end, or hides it, is not found out here.
"""

from __future__ import annotations

from typing import TypeVar

from goes_mobile.protocol import clear
from goes_mobile.protocol.codes import RecoverySheet
from goes_mobile.protocol.entry import Witness
from goes_mobile.protocol.keys import KeyPair
from goes_mobile.protocol.ledger import Ledger
from goes_mobile.protocol.problems import InputRefused, Malformed, Refused
from goes_mobile.protocol.welcome import Welcome
from goes_mobile.records import presets
from goes_mobile.store.identity import Identity
from goes_mobile.sync.checks import is_ours
from goes_mobile.sync.enrolment import HALF, Home, Make, NewProfile, Random, as_principal, push_of, settle
from goes_mobile.sync.local import FEED_KNOWN, Lane
from goes_mobile.sync.remote import Remote
from goes_mobile.sync.trust import ControlLog, read_control
from goes_mobile.vault.founding import by_sheet

H = TypeVar("H", bound=Home)


async def recover(remote: Remote, ask: Lane, make: Make[H], sheet: RecoverySheet, server_url: str, random: Random,
                  begun: H | None = None) -> H:  # fmt: skip
    """This empty profile becomes an administrator's device of the sheet's organisation, for all its sites.

    ``begun`` is what an interrupted recovery has left. Afterwards the profile synchronises as every other;
    :func:`hand_out` gives it the keys. Raises what the network raises, ``unknown_organisation`` for a sheet that this
    server knows nothing of, ``foreign_sheet`` for another than the one the profile began with.
    """
    if begun is not None and begun.organisation != sheet.organisation:
        raise InputRefused("foreign_sheet", field="sheet")
    hello = await remote.hello()
    if not is_ours(hello, hello.server_sign):
        raise Refused("foreign_server")
    service = await as_principal(remote, hello, sheet.organisation, sheet.root)
    log = await read_control(service, Welcome(sheet.organisation, hello.server_sign, Witness(), "", 0))
    home = begun if begun is not None else await ask(make, _new_profile(log, sheet, random))
    await ask(settle, home, server_url, random(32).hex())
    await ask(_certify, home, log, sheet, hello.time_ms)
    await push_of(service, ask, home, sheet.root)
    await ask(home.settings.set, HALF, False)
    return home


def hand_out(home: Home, sheet: RecoverySheet) -> int:
    """Grant, as the root, all groups' keys to all who may hold them and do not; how many were granted."""
    if home.organisation != sheet.organisation:
        raise InputRefused("foreign_sheet", field="sheet")
    grants = by_sheet(sheet, home.ledger)
    if grants:
        home.append_clear(grants, author=sheet.root)
    home.offer_escrow()
    return len(grants)


def _new_profile(log: ControlLog, sheet: RecoverySheet, random: Random) -> NewProfile:
    founding = log.ledger.founding
    if founding is None:
        raise Malformed("control_withheld", position=0)
    seed = random(32)
    device = KeyPair.from_seed(seed).principal
    identity = Identity(
        sheet.organisation, device, _administrator(log.ledger), founding.server_sign, _preset(log.ledger)
    )
    return NewProfile(identity, seed)


def _certify(home: Home, log: ControlLog, sheet: RecoverySheet, at_ms: int) -> None:
    home.settings.set(FEED_KNOWN, log.incarnation)
    home.receive(log.entries, (log.head,), None)
    if home.device in home.ledger.principals:
        return
    assert home.keyring is not None  # just made
    device = home.keyring.device.public
    home.append_clear(
        [clear.Administrator(
            sign=device.sign, kem=device.kem, member=_administrator(home.ledger), sites=_sites(home.ledger), at=at_ms
        )],
        author=sheet.root,
    )  # fmt: skip


def _administrator(ledger: Ledger) -> bytes:
    """Whose device it becomes: the newest administrator's, if there is one who has not left."""
    admins = sorted((p for p in ledger.devices() if p.role == "admin"), key=lambda p: p.active)
    if not admins:
        raise Malformed("control_withheld", position=0)  # the first is certified with the founding
    return admins[-1].member


def _sites(ledger: Ledger) -> tuple[str, ...]:
    return tuple(sorted(group.ref.subject for group in ledger.groups.values() if group.ref.type == "site"))


def _preset(ledger: Ledger) -> str:
    """The county to which the sites belong; nothing else says it without a key."""
    sites = set(_sites(ledger))
    shared = {name: len(sites & {site.id for site in presets.preset(name).sites}) for name in presets.names()}
    likely = max(shared, key=lambda name: shared[name])
    if not shared[likely]:
        raise InputRefused("unknown_county")
    return likely
