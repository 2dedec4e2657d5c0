"""How an empty profile becomes a member's device, and how members are invited."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Sequence

from goes_mobile.protocol.clear import Role
from goes_mobile.protocol.codes import InviteSecret, RecoverySheet
from goes_mobile.protocol.ids import new_id, to_bytes
from goes_mobile.protocol.problems import InputRefused, Refused
from goes_mobile.records.presets import preset
from goes_mobile.services import organisation
from goes_mobile.services.desk import Desk
from goes_mobile.state.delivery import Delivery, opened
from goes_mobile.state.parts import Parts
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change
from goes_mobile.store.store import Store
from goes_mobile.sync import enrolment, recovery
from goes_mobile.sync.remote import Remote
from goes_mobile.vault.lock import check_strength


class Doorway:
    """How an empty profile becomes a member's device, and how members are invited."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def device_secret(self, profile: Profile) -> bytes | None:
        bound = profile.store is not None and await profile.lane(_bound, profile.store)
        return await self._parts.keystore.secret(profile.home.name, make=not bound)

    async def forget(self, profile: Profile) -> None:
        await self._parts.keystore.forget(profile.home.name)

    async def found(
        self, profile: Profile, server: str, setup_token: str, preset_name: str, member_name: str, sites: Sequence[str],
        secret: str,
    ) -> str:  # fmt: skip
        """A new organisation; the recovery sheet's words. Going on after an interruption is the same call again."""
        county = preset(preset_name)
        own = tuple(county.site(short).id for short in sites)
        member = new_id(self._parts.clock())
        beginning = enrolment.Beginning(
            server, county.name, to_bytes(member), tuple(site.id for site in county.sites), own
        )
        check_strength(secret, await self.device_secret(profile) is not None)
        async with self._server(server) as remote:
            begun = await self._begun(profile, secret)
            if begun is not None and await profile.lane(enrolment.without_root, begun):
                await self._undo(profile)
                begun = None
            if begun is None:
                await self._found_anew(profile, remote, beginning, setup_token, secret)
            else:
                await enrolment.register(remote, profile.lane, begun, setup_token)
        await profile.do(_first_records, member_name)
        return await profile.lane(enrolment.sheet_words, opened(profile))

    async def _found_anew(
        self, profile: Profile, remote: Remote, beginning: enrolment.Beginning, setup_token: str, secret: str
    ) -> None:
        make = await self._maker(profile, secret)
        try:
            await enrolment.found(remote, profile.lane, make, beginning, setup_token, self._parts.random)
        except Refused:
            await self._undo(profile)
            raise

    async def enrol(self, profile: Profile, server: str, code: str, secret: str) -> None:
        """This profile becomes the device of the member whom the code invites."""
        check_strength(secret, await self.device_secret(profile) is not None)
        async with self._server(server) as remote:
            begun = await self._begun(profile, secret)
            make = await self._maker(profile, secret)
            try:
                await enrolment.enrol(remote, profile.lane, make, code, server, self._parts.random, begun)
            except InputRefused as error:
                if begun is None or error.code != "foreign_invite":
                    raise
                await self._undo(profile)  # begun with a code that does not count any more; nothing was written here
                await enrolment.enrol(remote, profile.lane, make, code, server, self._parts.random)

    async def recover(self, profile: Profile, server: str, sheet: RecoverySheet, secret: str) -> int:
        """By the recovery sheet: an empty profile becomes an administrator's device. On it, and on every other of the
        organisation, the sheet hands the groups' keys to all who may hold them and do not. How many it handed out."""
        if not profile.exists or not await self._at_server(profile):
            check_strength(secret, await self.device_secret(profile) is not None)
            async with self._server(server) as remote:
                begun = await self._begun(profile, secret)
                make = await self._maker(profile, secret)
                await recovery.recover(remote, profile.lane, make, sheet, server, self._parts.random, begun)
        elif opened(profile).locked:
            await profile.unlock(secret, await self.device_secret(profile))
        assert profile.delivering is not None
        await profile.delivering.now()
        handed = await profile.lane(recovery.hand_out, opened(profile), sheet)
        await profile.delivering.now()
        return handed

    async def _at_server(self, profile: Profile) -> bool:
        if profile.store is None:
            await profile.open()
        return await profile.lane(_finished, opened(profile))

    async def invite(
        self, profile: Profile, role: Role, sites: Sequence[str], member_name: str, hours: float = 72
    ) -> tuple[InviteSecret, int]:
        """A code for a new member and when it expires (ms); needs the server."""
        store = opened(profile)
        county = preset(store.identity.preset)
        chosen = tuple(county.site(short).id for short in sites)
        member = new_id(self._parts.clock())
        await profile.ask(lambda desk: organisation.new_member(member, member_name, role, chosen))
        expires = store.now_ms() + int(hours * 3_600_000)
        delivery = profile.delivering if isinstance(profile.delivering, Delivery) else Delivery(profile, self._parts)
        guest = enrolment.Guest(to_bytes(member), role, chosen, expires)
        secret = await enrolment.invite(await delivery.rounds(), profile.lane, store, guest, self._parts.random)
        await profile.do(lambda desk: organisation.new_member(member, member_name, role, chosen))
        await delivery.now()
        return secret, expires

    async def _begun(self, profile: Profile, secret: str) -> Store | None:
        """What an interrupted beginning has left, unlocked; a finished profile is refused."""
        if profile.store is None and profile.exists:
            with contextlib.suppress(InputRefused):  # it had hardly begun, and begins anew
                await profile.open()
        if profile.store is None:
            return None
        store = opened(profile)
        if await profile.lane(_finished, store):
            raise InputRefused("profile_exists")
        if store.locked:
            await profile.unlock(secret, await self.device_secret(profile))
        return store

    async def _maker(self, profile: Profile, secret: str) -> Callable[[enrolment.NewProfile], Store]:
        bound = await self.device_secret(profile)
        loop = asyncio.get_running_loop()

        def make(new: enrolment.NewProfile) -> Store:
            store = Store.create(
                profile.home, new.identity, new.device_seed, self._parts.random(32), secret, self._parts.clock, bound,
                self._parts.lock_cost,
            )  # fmt: skip
            loop.call_soon_threadsafe(profile.use, store)
            return store

        return make

    async def _undo(self, profile: Profile) -> None:
        """Nobody was told of it: the directory is empty again, so that one can begin anew."""
        await asyncio.sleep(0)
        store, profile.store = profile.store, None
        if store is not None:
            await profile.lane(store.close)
            await profile.lane(shutil.rmtree, profile.home)

    @contextlib.asynccontextmanager
    async def _server(self, url: str) -> AsyncIterator[Remote]:
        remote = self._parts.remote(url)
        try:
            yield remote
        finally:
            close = getattr(remote, "close", None)
            if close is not None:
                await close()


def _finished(store: Store) -> bool:
    return store.at_server() and not store.settings.get(enrolment.HALF, False)


def _bound(store: Store) -> bool:
    return store.gate.record().device_bound


def _first_records(desk: Desk, member_name: str) -> list[Change]:
    """What everybody may know of a new organisation; nothing if an interrupted founding has written it already."""
    if organisation.sites(desk):
        return []
    me = desk.me
    member = organisation.new_member(me.member, member_name, me.role, me.sites)
    return [*organisation.founding(desk.preset, desk.new_id), *member]
