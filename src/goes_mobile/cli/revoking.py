"""Whose devices there are, and ending what one of them may do."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.output import note
from goes_mobile.cli.session import Session, store_of
from goes_mobile.services import device_names
from goes_mobile.services import devices as service
from goes_mobile.services.desk import Desk
from goes_mobile.services.devices import DeviceLine
from goes_mobile.state.profile import Profile
from goes_mobile.store.store import Store


@command()
def devices(
    session: Session,
    rename: Annotated[
        str, typer.Option("--rename", metavar="DEVICE", help="Give this device, yours or as an administrator, a name.")
    ] = "",
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="The name that --rename gives.")] = "",
) -> None:
    """List the organisation's devices and whose they are, or rename one.

    Example: goes-mobile devices --rename 4f21c09e --to "Tablet Workmobil"
    """
    if bool(rename) != bool(to):
        raise typer.BadParameter("goes with --to", param_hint="--rename")

    async def work(profile: Profile) -> list[DeviceLine]:
        if rename:
            found = await profile.lane(service.find, store_of(profile), rename)
            await profile.do(device_names.rename, found.hex(), to)
        return await profile.ask(service.devices, store_of(profile))

    found = session.run(work)
    session.out.document(
        [_document(line) for line in found],
        "\n".join(f"{line.short}  {line.role:<10}  {line.state:<9}  {line.name}  {line.called}" for line in found),
    )


def _document(line: DeviceLine) -> dict[str, Any]:
    return {
        "device": line.id, "device_name": line.called, "member": line.member, "name": line.name,
        "role": line.role, "sites": list(line.sites),
        "here": line.here, "state": line.state, "reason": line.reason or None,
        "last_contact": line.last_heard.isoformat() if line.last_heard else None,
    }  # fmt: skip


@command()
def revoke(
    session: Session,
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id, or as much of it as tells it.")],
    reason: Annotated[str, typer.Option("--reason", help="lost, stolen, left, replaced or suspected.")],
    whole_member: Annotated[
        bool, typer.Option("--whole-member", help="Its member leaves: all their devices, and their record is inactive.")
    ] = False,
    tasks_to: Annotated[
        str | None,
        typer.Option(
            "--tasks-to", metavar="MEMBER", help="Who takes over their open tasks; else they stay with the site."
        ),
    ] = None,
) -> None:
    """End what a device may do. It cannot be undone; what it sends later is kept for a supervisor's decision.

    Example: goes-mobile revoke 4f21c09e --reason lost
    """

    if tasks_to is not None and not whole_member:
        raise typer.BadParameter("goes with --whole-member", param_hint="--tasks-to")

    async def work(profile: Profile) -> dict[str, Any]:
        store = store_of(profile)
        assert profile.delivering is not None
        await profile.delivering.now()  # what it has delivered until now counts
        ended = await profile.lane(service.find, store, device)
        member = store.member_of(ended)
        if whole_member:
            await profile.do(service.end_member, store, member, tasks_to)
        else:
            await profile.lane(service.end_device, store, ended.hex(), reason)
        state = await profile.delivering.now()
        if state.trouble:
            note(f"Revoked here. The others learn of it as soon as this is delivered ({state.trouble}).")
        theirs = await profile.ask(_revoked, store, member if whole_member else "", ended.hex())
        return {"revoked": theirs, "member": member, "delivered": not state.trouble}

    told = session.run(work)
    session.out.document(told, "Revoked: " + ", ".join(told["revoked"]))


def _revoked(desk: Desk, store: Store, member: str, device: str) -> list[str]:
    if not member:
        return [device]
    return [line.id for line in service.devices(desk, store, member) if line.state == "revoked"]
