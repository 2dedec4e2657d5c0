"""Passing on by hand: one gives, one takes, and both hear what became of it."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.problems import Malformed
from goes_mobile.services import encounters
from goes_mobile.state.parcels import Parcels
from goes_mobile.state.synchronisation import Synchronisation
from tests.fakes.device import FakeFiles
from tests.state.team import Colleague, Team


def by_hand(one: Colleague) -> tuple[Parcels, FakeFiles]:
    files = FakeFiles()
    one.app.files = files
    return Parcels(one.app), files


async def test_from_hand_to_hand(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tom = await team.enrol("Tom Brandt", "outreach", "workmobil")
    await jana.note("Davor.")
    await team.exchange()
    await jana.note("Ohne Netz.")
    giving, card = by_hand(jana)
    await giving.give()
    [(name, content)] = card.files.items()
    assert (giving.went_to, name) == (name, "paket-2026-11-24-1300.goes")
    assert b"Netz" not in content

    taking, hand = by_hand(tom)
    await taking.take()
    assert taking.taken is None, "thought better of it"
    hand.chosen = content
    heard = []
    tom.app.subscribe({"delivery"}, lambda: heard.append("delivery"))
    await taking.take()
    assert taking.taken is not None
    assert (taking.taken.new, taking.taken.known) == (1, 0)
    assert heard
    page = await tom.ask(encounters.lines)
    assert page.total == 2
    overview = Synchronisation(tom.app)
    await overview.reload()
    assert overview.view is not None
    assert (overview.view.waiting, overview.view.waiting_lines, overview.view.carried) == (0, [], 1)

    await taking.take()
    assert (taking.taken.new, taking.taken.known) == (0, 1)
    hand.chosen = content[:-1]
    with pytest.raises(Malformed, match="parcel_damaged"):
        await taking.take()
    assert (taking.taken, taking.busy) == (None, False)


async def test_on_a_phone_it_goes_by_the_share_sheet(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    await jana.note("Ohne Netz.")
    view, files = by_hand(jana)
    await view.reload()
    assert not view.shares
    files.sheet = True
    await view.reload()
    assert view.shares
    await view.give(by_sharing=True)
    [(name, content)] = files.shared.items()
    assert (view.went_to, name.endswith(".goes"), files.files) == (name, True, {})
    assert b"Netz" not in content
