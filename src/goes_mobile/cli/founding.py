"""Organisation, invites, enrolment, devices."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command, org
from goes_mobile.cli.output import note
from goes_mobile.cli.session import Session, parts, store_of
from goes_mobile.cli.usage import check_preset, check_sites
from goes_mobile.state.doorway import Doorway
from goes_mobile.state.profile import Profile


class Role(StrEnum):
    outreach = "outreach"
    office = "office"
    supervisor = "supervisor"
    admin = "admin"


Server = Annotated[str, typer.Option("--server", help="The sync server's address.")]
Sites = Annotated[list[str] | None, typer.Option("--site", help="Short name of a site; may be repeated.")]
Name = Annotated[str, typer.Option("--member", help="The person's name, as colleagues know it.")]


@command(org)
def create(
    session: Session,
    server: Server,
    setup_token: Annotated[str, typer.Option("--setup-token", help="What `goes-sync-server init` printed.")],
    preset: Annotated[str, typer.Option("--preset", help="The county's preset.")],
    member: Name,
    site: Sites = None,
) -> None:
    """Found a new organisation; this profile becomes its first administrator.

    The recovery sheet is shown once: print it and lock it away. Without it a lost organisation cannot be recovered. The
    administrator reads only the records of the sites named here.

    Example: goes-mobile --home ~/admin org create --server https://sync.example.org --setup-token T0K3N --preset
    landkreis-esslingen --member "Ada Amann"
    """
    check_preset(preset)
    check_sites(preset, site or [])
    secret = session.new_secret()

    async def work(profile: Profile) -> dict[str, Any]:
        doorway = Doorway(parts())
        words = await doorway.found(profile, server, setup_token, preset, member, site or [], secret)
        assert profile.delivering is not None
        state = await profile.delivering.now()
        if state.trouble:
            note(f"The organisation is founded. Its first entries wait for delivery ({state.trouble}).")
        store = store_of(profile)
        return {"organisation": store.organisation.hex(), "device": store.device.hex(), "recovery_sheet": words}

    made = session.run(work, "none")
    session.out.document(
        made, f"Organisation {made['organisation']}\nRecovery sheet, print it now:\n{made['recovery_sheet']}"
    )


@command()
def invite(
    session: Session,
    role: Annotated[Role, typer.Option("--role", help="What they will be.", case_sensitive=False)],
    member: Name,
    site: Sites = None,
    hours: Annotated[float, typer.Option("--hours", help="How long the code is good.", min=0.01, max=24 * 90)] = 72,
) -> None:
    """Invite a member; prints the code for one device.

    Example: goes-mobile invite --role outreach --site workmobil --member "Jana Keller" --hours 48
    """

    async def work(profile: Profile) -> dict[str, Any]:
        check_sites(store_of(profile).identity.preset, site or [])
        made, expires = await Doorway(parts()).invite(profile, role.value, site or [], member, hours)
        return {"code": made.code, "expires_at": datetime.fromtimestamp(expires / 1000, UTC).isoformat()}

    told = session.run(work)
    session.out.document(told, f"Code for {member}: {told['code']}\nGood until {told['expires_at']}.")


@command()
def enrol(
    session: Session,
    server: Server,
    code: Annotated[str, typer.Option("--code", help="The invite's code; case, spaces and dashes do not matter.")],
) -> None:
    """Make this empty profile the device of the member whom the code invites.

    Example: goes-mobile --home ~/goes enrol --server https://sync.example.org --code 7K3FM-…
    """
    secret = session.new_secret()

    async def work(profile: Profile) -> dict[str, Any]:
        await Doorway(parts()).enrol(profile, server, code, secret)
        assert profile.delivering is not None
        await profile.delivering.now()
        me = await profile.ask(lambda desk: desk.me)
        return {"organisation": store_of(profile).organisation.hex(), "device": me.device, "member": me.member,
                "role": me.role, "name": me.name}  # fmt: skip

    told = session.run(work, "none")
    session.out.document(told, f"This is now {told['name'] or told['member']}'s device ({told['role']}).")
