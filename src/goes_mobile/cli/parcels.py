"""Parcels: sealed entries as a file, carried by hand and delivered by any device."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command, parcel
from goes_mobile.cli.files import write_file
from goes_mobile.cli.session import Session, store_of
from goes_mobile.protocol.parcel import MAX_PARCEL
from goes_mobile.protocol.problems import Malformed
from goes_mobile.state.profile import Profile
from goes_mobile.store.disk import disk_errors


@command(parcel)
def out(
    session: Session,
    file: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE", dir_okay=False)],
) -> None:
    """Write what waits for delivery into a file, sealed as it is. Works while locked; it goes on waiting here too.

    Example: goes-mobile parcel out /media/card/monday.parcel
    """

    async def work(profile: Profile) -> dict[str, Any]:
        made = await profile.lane(store_of(profile).make_parcel)
        with disk_errors():
            write_file(file, made.content, "FILE")
        return {"file": str(file), "entries": made.entries, "bytes": len(made.content)}

    told = session.run(work, "if_given")
    session.out.document(told, "{entries} entries written to {file}.".format_map(told))


@command(parcel)
def in_(
    session: Session,
    file: Annotated[Path, typer.Argument(help="The parcel.", metavar="FILE", exists=True, dir_okay=False)],
) -> None:
    """Take a parcel in: what this device may read is there at once, all of it goes to the server with the next sync.

    Works while locked. A parcel may be taken any number of times.

    Example: goes-mobile parcel in /media/card/monday.parcel
    """

    async def work(profile: Profile) -> dict[str, Any]:
        with disk_errors():
            if file.stat().st_size > MAX_PARCEL:
                raise Malformed("parcel_too_large", limit=MAX_PARCEL)
            content = file.read_bytes()
        told = await profile.lane(store_of(profile).take_parcel, content)
        return {
            "entries": told.entries, "new": told.new, "known": told.known, "carried": told.carried, "held": told.held,
            "refused": told.refused,
        }  # fmt: skip

    told = session.run(work, "if_given")
    session.out.document(
        told,
        "{new} new, {known} known already, {carried} carried for others, {held} held, {refused} refused.".format_map(
            told
        ),
    )
