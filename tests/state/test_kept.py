"""What is typed in a form survives closing it, a lock, a crash."""

from __future__ import annotations

from datetime import date

from goes_mobile.services import people
from goes_mobile.services.people import PersonForm
from goes_mobile.state.kept import Kept
from goes_mobile.state.person_forms import ChangePerson, NewConsent, NewPerson
from goes_mobile.state.tasks import NewTask
from tests.state.team import SECRET, Team


async def test_the_newest_of_quick_changes_is_kept(team: Team):
    told = []
    kept = Kept(team.admin.app, "form", lambda: told.append("kept"))
    kept.later({"alias": "F"})
    kept.later({"alias": "Falke", "on": date(2026, 3, 1)})
    await kept.now()
    assert told == ["kept"]
    assert await Kept(team.admin.app, "form").load() == {"alias": "Falke", "on": date(2026, 3, 1)}
    await kept.drop()
    assert await Kept(team.admin.app, "form").load() == {}


async def test_what_is_typed_is_sealed_before_the_keys_go(team: Team):
    app = team.admin.app
    form = NewPerson(app)
    await form.reload()
    await form.set("alias", "Falke")
    await app.lock()
    assert team.admin.store.locked
    await app.unlock(SECRET)
    again = NewPerson(app)
    await again.reload()
    assert again.values == {"alias": "Falke"}
    assert again.kept


async def test_saving_or_discarding_drops_the_draft(team: Team):
    app = team.admin.app
    form = NewPerson(app)
    await form.reload()
    await form.set("alias", "Falke")
    await form._draft.now()
    person = await form.save()
    assert person
    again = NewPerson(app)
    await again.reload()
    assert again.values == {}
    change = ChangePerson(app, person)
    await change.reload()
    await change.set("municipality", "Plochingen")
    await change._draft.now()
    await change.drop()
    change = ChangePerson(app, person)
    await change.reload()
    assert not change.kept


async def test_forms_keep_their_drafts_apart(team: Team):
    app = team.admin.app
    falke = await team.admin.do(people.create, PersonForm(alias="Falke"))
    task, consent = NewTask(app, falke), NewConsent(app, falke)
    for form in (task, consent):
        await form.reload()
    await task.set("title", "Anrufen")
    await consent.set("note", "am Telefon")
    await task._draft.now()
    await consent._draft.now()
    task, consent = NewTask(app, falke), NewConsent(app, falke)
    for form in (task, consent):
        await form.reload()
    assert task.values["title"] == "Anrufen"
    assert consent.values["note"] == "am Telefon"
    assert "title" not in consent.values
