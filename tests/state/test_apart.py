"""Two people share a tablet: each finds their own, and nothing that the other one did on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from goes_mobile.protocol.problems import Locked
from goes_mobile.services import capture, people, today
from goes_mobile.services.people import PersonForm
from goes_mobile.state.app import App
from goes_mobile.state.kept import Kept
from goes_mobile.state.look_up import LookUp
from goes_mobile.state.people import PeopleList
from goes_mobile.state.settings import Settings, Wishes, worn
from goes_mobile.state.synchronisation import Synchronisation
from goes_mobile.state.unlock import Unlock
from goes_mobile.sync.state import SyncState
from tests.state.team import SECRET, Team

MARK = "Zugvogel"
"""In everything that Jana writes."""


async def shared(team: Team) -> App:
    """Jana's and Tom's tablet; they work at different sites. Jana is at work."""
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tom = await team.enrol("Tom Brandt", "office", "jugendbuero-nuertingen")
    for one in (jana, tom):
        await one.app.lock()
    tablet = App([jana.app.profile, tom.app.profile])
    await tablet.start()
    await tablet.unlock(SECRET)
    return tablet


async def works(app: App) -> None:
    """A file, a draft, half a form, a search, a look of her own."""
    await app.do(people.create, PersonForm(alias=MARK))
    draft = await app.ask(capture.new_draft)
    await app.profile.ask(capture.keep_draft, replace(draft, note=MARK))
    app.left_open = draft.id
    Kept(app, "person:new").later({"alias": MARK})
    found = LookUp(app)
    await found.search(MARK)
    assert found.hits
    settings = Settings(app)
    await settings.reload()
    await settings.wish(theme="sun", scale=2.0, language="en", lock_minutes=10)
    app.status.sync = SyncState("offline", waiting=7)


def words(value: Any) -> Iterator[str]:
    """Every text in it; sensitive ones are hidden from a mere `repr`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from words([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from words(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from words(getattr(value, one.name))


async def seen(app: App) -> str:
    """All that can be read on the screens."""
    return " ".join(words(await everything(app)))


async def everything(app: App) -> list[Any]:
    """What the screens ask for."""
    found, listed, synced = LookUp(app), PeopleList(app), Synchronisation(app)
    await found.search(MARK)
    await listed.reload()
    await synced.reload()
    return [
        found.hits, listed, synced, await app.ask(today.overview), await app.ask(capture.draft_lines),
        await Kept(app, "person:new").load(), await app.ask(capture.choices),
    ]  # fmt: skip


async def test_nothing_of_one_profile_is_seen_in_the_other(team: Team):
    tablet = await shared(team)
    await works(tablet)
    assert MARK in await seen(tablet), "she finds it herself"
    await tablet.lock()

    picker = Unlock(tablet)
    await picker.reload()
    assert MARK not in " ".join(words(picker))
    jana, tom = picker.who
    assert (jana.name, tom.name, tom.waiting) == ("Jana Keller", "Tom Brandt", 0)
    await picker.choose(tom)
    assert (picker.waiting, tablet.status.sync) == (0, SyncState())
    assert await worn(tablet, Wishes()) == Wishes()

    await tablet.unlock(SECRET)
    assert MARK not in await seen(tablet)
    assert (tablet.left_open, tablet.language, tablet.presence.lock_after_s) == ("", "de", 120)
    assert tablet.status.me is not None
    assert tablet.status.me.name == "Tom Brandt"

    await tablet.lock()
    await tablet.choose(jana.profile)
    await tablet.unlock(SECRET)
    assert MARK in await seen(tablet), "and it is all still hers"
    assert await Kept(tablet, "person:new").load() == {"alias": MARK}
    await tablet.lock()


async def test_what_one_was_typing_never_lands_with_the_other(team: Team):
    """Not even if it could not be sealed before the tablet changed hands."""
    tablet = await shared(team)
    form = Kept(tablet, "person:new")
    form.later({"alias": MARK})
    tablet.before_lock.clear()  # what sealing it in time would have been
    await tablet.lock()
    await tablet.choose(tablet.profiles[1])
    await tablet.unlock(SECRET)
    with pytest.raises(Locked):
        await form.now()
    assert await Kept(tablet, "person:new").load() == {}
    await tablet.lock()


async def test_one_hears_nothing_of_what_the_other_changes(team: Team):
    tablet = await shared(team)
    heard: list[str] = []
    tablet.subscribe((), lambda: heard.append("Jana's screens"))
    await tablet.lock()
    await tablet.choose(tablet.profiles[1])
    await tablet.unlock(SECRET)
    tablet.subscribe((), lambda: heard.append("Tom's screens"))
    other = App(tablet.profiles)
    await other.unlock(SECRET)
    await other.do(people.create, PersonForm(alias=MARK))
    await other.lock()
    assert heard == []
    await tablet.lock()
