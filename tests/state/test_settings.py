"""Settings stay with the profile, count at once, and are there before anybody has unlocked it."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.problems import Locked
from goes_mobile.services import names
from goes_mobile.state.app import App
from goes_mobile.state.settings import NewSecret, Settings, Wishes, keep, wishes, worn
from tests.state.team import SECRET, Team


async def test_wishes_stay_and_can_be_read_while_locked(team: Team):
    app = team.admin.app
    assert await wishes(app) is None
    view = Settings(app)
    await view.reload()
    assert view.wished == Wishes()
    await view.wish(theme="sun", scale=1.5)
    await view.wish(left_handed=True)
    await app.lock()
    assert await wishes(app) == Wishes("sun", 1.5, left_handed=True)


async def test_wishes_of_a_newer_version_do_no_harm(team: Team):
    app = team.admin.app
    team.admin.store.settings.set("wishes", {"theme": "dark", "fragrance": "pine"})
    assert await wishes(app) == Wishes("dark")


async def test_the_lock_time_counts_at_once(team: Team):
    app = team.admin.app
    usual = app.presence.lock_after_s
    await keep(app, Wishes(lock_minutes=5))
    assert app.presence.lock_after_s == 300
    await keep(app, Wishes(lock_minutes=0))
    assert app.presence.lock_after_s == 0
    await keep(app, Wishes())
    assert app.presence.lock_after_s == usual


async def test_whoever_has_wished_for_nothing_gets_nothing_of_whoever_was_here_before(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    tablet = App([team.admin.app.profile, jana.app.profile])
    usual = Wishes(theme="dark")
    await tablet.choose(team.admin.app.profile)
    await keep(tablet, Wishes("sun", 2.0, "en", left_handed=True, lock_minutes=10))
    assert (await worn(tablet, usual)).theme == "sun"
    await tablet.choose(jana.app.profile)
    assert await worn(tablet, usual) == usual
    assert (tablet.presence.lock_after_s, tablet.language) == (120, "de")
    await tablet.choose(team.admin.app.profile)
    await worn(tablet, usual)
    assert (tablet.presence.lock_after_s, tablet.language) == (600, "en")


async def test_services_speak_the_chosen_language(team: Team):
    app = team.admin.app
    record = await team.admin.note("Kommt.")
    assert (await app.ask(names.title, "encounter", record)).startswith("Begegnung")
    await keep(app, Wishes(language="en"))
    assert (await app.ask(names.title, "encounter", record)).startswith("Encounter")


async def test_this_device_says_who_works_here(team: Team):
    view = Settings(team.admin.app)
    await view.reload()
    assert view.here is not None
    assert (view.here.name, view.here.role) == ("Petra Amann", "admin")
    assert [site.name for site in view.here.sites] == ["Workmobil"]
    assert view.here.lock_kind == "passphrase"


async def test_another_passphrase_counts_only_with_the_old_one(team: Team):
    app = team.admin.app
    form = NewSecret(app)
    await form.reload()
    assert not await form.save()
    assert form.errors == {"old": "required"}
    form.type_old("wrong but long enough")
    form.type_new("kurz")
    assert not await form.save()
    assert form.errors == {"new": "passphrase_too_short"}
    form.type_new("vier blaue Wagen am See")
    assert not await form.save()
    assert form.errors == {"old": "wrong_pin"}
    form.type_old(SECRET)
    assert await form.save()
    assert (form.old, form.new) == ("", "")
    await app.lock()
    with pytest.raises(Locked):
        await app.unlock(SECRET)
    team.clock.later(hours=1)
    await app.unlock("vier blaue Wagen am See")
