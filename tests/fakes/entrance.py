"""A way in without a server: organisations are founded in the profile's own directory; errors on demand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from goes_mobile.protocol import codes, ids, keys
from goes_mobile.protocol.problems import GoesError
from goes_mobile.records.presets import preset as county
from goes_mobile.services import organisation
from goes_mobile.state.profile import Profile
from goes_mobile.store.identity import Identity
from goes_mobile.store.store import Store
from goes_mobile.sync.enrolment import SHEET
from goes_mobile.vault import founding, lock


@dataclass
class FakeEntrance:
    """`fails`: what the next call raises; `secret`: what the keystore would hold; `asked`: what was asked for."""

    fails: GoesError | None = None
    secret: bytes | None = None
    newcomer: str = "Jana Keller"
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    async def device_secret(self, profile: Profile) -> bytes | None:
        return self.secret

    async def forget(self, profile: Profile) -> None:
        self.secret = None

    async def found(
        self, profile: Profile, server: str, setup_token: str, preset: str, member_name: str, sites: Sequence[str],
        secret: str,
    ) -> str:  # fmt: skip
        self.asked.append(("found", server, setup_token, preset, member_name, tuple(sites)))
        self._may_fail()
        sheet = codes.RecoverySheet(os.urandom(32))
        await self._make(profile, sheet, preset, member_name, sites, secret)
        assert profile.store is not None
        await profile.lane(profile.store.set_personal, SHEET, sheet.words)
        return sheet.words

    async def enrol(self, profile: Profile, server: str, code: str, secret: str) -> None:
        """The newcomer's device; here they are the only ones in their organisation."""
        self.asked.append(("enrol", server, code))
        self._may_fail()
        sheet = codes.RecoverySheet(os.urandom(32))
        await self._make(profile, sheet, "landkreis-esslingen", self.newcomer, ["workmobil"], secret)

    async def invite(
        self, profile: Profile, role: str, sites: Sequence[str], name: str, hours: float
    ) -> tuple[codes.InviteSecret, int]:
        """A code that no server knows."""
        self.asked.append(("invite", role, tuple(sites), name, hours))
        self._may_fail()
        return codes.InviteSecret(os.urandom(16)), profile.clock() + round(hours * 3_600_000)

    async def recover(self, profile: Profile, server: str, sheet: codes.RecoverySheet, secret: str) -> int:
        """An administrator's device again, of a founding that only the sheet remembers."""
        self.asked.append(("recover", server, sheet.words))
        self._may_fail()
        await self._make(profile, sheet, "landkreis-esslingen", "Ada Amann", ["workmobil"], secret)
        return 3

    def _may_fail(self) -> None:
        fails, self.fails = self.fails, None
        if fails is not None:
            raise fails

    async def _make(
        self, profile: Profile, sheet: codes.RecoverySheet, preset: str, name: str, sites: Sequence[str], secret: str
    ) -> None:
        profile.here()
        profile.use(await profile.lane(self._store, profile, sheet, preset, name, sites, secret))

    def _store(
        self, profile: Profile, sheet: codes.RecoverySheet, preset: str, name: str, sites: Sequence[str], secret: str
    ) -> Store:
        seed = os.urandom(32)
        device = keys.KeyPair.from_seed(seed)
        member = ids.new_id(profile.clock())
        who = Identity(sheet.organisation, device.principal, ids.to_bytes(member), bytes(32), preset)
        key = os.urandom(32)
        store = Store.create(profile.home, who, seed, key, secret, profile.clock, self.secret, lock.FLOOR)
        own = tuple(ids.site_id(site) for site in sites)
        every = tuple(site.id for site in county(preset).sites)
        records = founding.founding_records(sheet, bytes(32), device.public, ids.to_bytes(member), own)
        store.append_clear(records, author=sheet.root)
        made = founding.first_groups(store.ledger, store.ledger.principals[device.principal], every)
        store.append_clear([epoch.record for epoch, _ in made], keep=[epoch.opened for epoch, keeps in made if keeps])
        store.offer_escrow()
        store.write(organisation.founding(county(preset), lambda: ids.new_id(profile.clock())))
        store.write(organisation.new_member(member, name, "admin", own))
        return store
