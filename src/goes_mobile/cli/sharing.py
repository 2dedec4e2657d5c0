"""A young person's file and the other sites: offering it, answering an offer, ending what was shared."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.deleting import Whole
from goes_mobile.cli.output import note
from goes_mobile.cli.session import Session
from goes_mobile.cli.writing import Id
from goes_mobile.services import scripting, sharing
from goes_mobile.services.desk import Desk
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change


class Mode(StrEnum):
    shared = "shared"
    handed_over = "handed_over"


@command()
def share(
    session: Session,
    what: Annotated[Whole, typer.Argument(help="person: a young person's file.", metavar="person")],
    record: Id,
    with_: Annotated[str, typer.Option("--with", metavar="SITE", help="Offer the file to this site.")] = "",
    mode: Annotated[Mode, typer.Option("--mode", help="Both sites go on reading it, or theirs alone.")] = Mode.shared,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is offered.")] = "",
    guardian: Annotated[str, typer.Option("--guardian", help="Who else has agreed, where the age asks for it.")] = "",
    accept: Annotated[bool, typer.Option("--accept", help="Take part in a file that was offered.")] = False,
    decline: Annotated[str, typer.Option("--decline", metavar="TEXT", help="Do not take part, and why.")] = "",
    end: Annotated[str, typer.Option("--end", metavar="TEXT", help="End what is shared or offered, and why.")] = "",
) -> None:
    """Offer a file to another site (it can be read there from now on), answer an offer, or end it.

    While no consent for a hand-over is valid, offering records that the young person has agreed today, spoken.

    Example: goes-mobile share person 0197… --with workmobil
    """
    chosen = [name for name, given in (("--with", with_), ("--accept", accept), ("--decline", decline), ("--end", end))
              if given]  # fmt: skip
    if len(chosen) != 1:
        raise typer.BadParameter("give one of --with, --accept, --decline, --end", param_hint="share")

    def answer(desk: Desk) -> list[Change]:
        running = sharing.running(desk, record)
        if accept:
            return sharing.accept(desk, running)
        return sharing.decline(desk, running, decline) if decline else sharing.end(desk, running, end)

    async def work(profile: Profile) -> dict[str, Any]:
        if with_:
            agreed = await profile.ask(sharing.agreement, record)
            await profile.do(_offer, record, with_, mode.value, reason, guardian)
            if not agreed:
                note("Recorded as the young person's spoken agreement of today.")
        else:
            await profile.do(answer)
        return await profile.ask(_told, record)

    session.out.document(session.run(work), "Done. What was read before cannot be unread.")


def _offer(desk: Desk, person: str, site: str, mode: str, reason: str, guardian: str) -> list[Change]:
    form = sharing.OfferForm(scripting.site(desk, site), mode, reason, agreed=True, guardian=guardian)
    return sharing.offer(desk, person, form)


def _told(desk: Desk, person: str) -> dict[str, Any]:
    stands = sharing.of_person(desk, person)
    view = stands.current or stands.earlier[0]
    return {
        "id": view.id, "person": person, "from": view.giver.name if view.giver else None,
        "with": view.to.name if view.to else None, "mode": view.mode, "state": view.state, "closed": stands.closed,
    }  # fmt: skip
