"""Menschen: mine, open, all; a file opens with a consent and closes when it is withdrawn."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from goes_mobile.cli.demo.phrases import SIGNATURE
from goes_mobile.services import consents, people, tasks
from goes_mobile.services.people import PersonForm
from goes_mobile.services.tasks import TaskForm
from goes_mobile.state.people import PAGE, PeopleList, PersonFile
from goes_mobile.state.person_forms import ChangePerson, NewConsent, NewPerson, closed_without_consent
from tests.fakes.device import FakeFiles
from tests.state.team import Team


async def _person(team: Team, alias: str, **values: object) -> str:
    return await team.admin.do(people.create, PersonForm(alias=alias, **values))  # type: ignore[arg-type]


async def test_whoever_has_nobody_of_their_own_sees_all(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    await _person(team, "Falke")
    await team.exchange()
    view = PeopleList(jana.app)
    await view.reload()
    assert view.which == "all"
    assert view.page is not None
    assert [line.alias for line in view.page.lines] == ["Falke"]
    await view.choose("mine")
    assert view.page.lines == []
    mine = PeopleList(team.admin.app)
    await mine.reload()
    assert mine.which == "mine"


async def test_a_search_finds_how_it_sounds_and_a_long_list_goes_on(team: Team):
    for n in range(PAGE + 3):
        await _person(team, f"Vogel {n}")
    await _person(team, "Schmetterling")
    view = PeopleList(team.admin.app)
    await view.reload()
    assert view.page is not None
    assert view.page.more
    assert len(view.page.lines) == PAGE
    await view.more()
    assert not view.page.more
    await view.search("Schmeterling")
    assert view.page.lines[0].alias == "Schmetterling"


async def test_an_older_answer_does_not_overwrite_a_newer_one(team: Team):
    await _person(team, "Falke")
    await _person(team, "Luna")
    view = PeopleList(team.admin.app, which="all")
    await asyncio.gather(view.search("Falke"), view.search("Luna"))
    assert view.page is not None
    assert [line.alias for line in view.page.lines] == ["Luna"]


async def test_a_new_file_needs_an_alias_and_asks_about_a_likely_one(team: Team):
    falke = await _person(team, "Falke", birth_year=2009)
    form = NewPerson(team.admin.app)
    await form.reload()
    assert await form.save() == ""
    assert form.errors == {"alias": "required"}
    await form.set("alias", "Falcke")
    assert form.errors == {}
    assert form.similar is not None
    assert form.similar.line.id == falke
    await form.another()
    assert form.similar is None
    await form.set("birth_year", 2009)
    assert form.similar is None
    assert await form.save() not in ("", falke)


async def test_names_open_with_a_consent_and_close_with_its_withdrawal(team: Team):
    person = await _person(team, "Falke")
    file = PersonFile(team.admin.app, person)
    await file.reload()
    assert file.view is not None
    assert set(file.view.closed) == set(closed_without_consent())

    form = ChangePerson(team.admin.app, person)
    await form.reload()
    assert form.granted == set()
    await form.set("given_name", "Fabian")
    assert not await form.save()
    assert form.errors == {"given_name": "needs_consent"}
    await form.drop()

    consent = NewConsent(team.admin.app, person)
    await consent.reload()
    await consent.set("form", "on_paper")
    await consent.set("categories", [])
    assert not await consent.save()
    assert consent.errors == {"data_categories": "required"}
    await consent.set("categories", ["identity", "contact"])
    assert await consent.save()

    form = ChangePerson(team.admin.app, person)
    await form.reload()
    assert form.granted == {"identity", "contact"}
    await form.set("given_name", "Fabian")
    await form.set("safe_contact_note", "Nur über Signal")
    assert await form.save()
    await file.reload()
    assert (file.view.given_name, file.view.safe_contact) == ("Fabian", "Nur über Signal")

    await file.withdraw(file.view.consents[0].id)
    await file.reload()
    assert (file.view.given_name, file.view.safe_contact, file.view.consent_until) == ("", "", None)


async def test_under_the_countys_age_a_guardian_agrees_too(team: Team):
    person = await _person(team, "Kira", birth_year=team.clock.now.year - 13)
    consent = NewConsent(team.admin.app, person)
    await consent.reload()
    assert consent.guardian_under == 15
    await consent.set("form", "on_paper")
    assert not await consent.save()
    assert consent.errors == {"guardian": "needs_guardian"}
    assert consent.facts["under"] == 15
    await consent.set("guardian", "Mutter")
    assert await consent.save()


async def test_what_a_colleague_wrote_while_the_form_was_open_is_a_second_version(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    person = await jana.do(people.create, PersonForm(alias="Falke", site=jana.site))
    await team.exchange()
    form = ChangePerson(team.admin.app, person)
    await form.reload()
    await jana.do(people.change, person, {"municipality": "Wernau (Neckar)"})
    await team.exchange()
    await form.set("municipality", "Plochingen")
    assert await form.save()
    file = PersonFile(team.admin.app, person)
    await file.reload()
    assert file.view is not None
    assert file.view.conflicts == ["municipality"]


async def test_the_next_step_stands_above_and_can_be_ticked_off(team: Team):
    person = await _person(team, "Falke")
    day = team.clock.now.date()
    for title, due in (("Anrufen", day + timedelta(days=3)), ("Bewerbung", day)):
        await team.admin.do(tasks.create, TaskForm(title=title, due=due, person=person))
    file = PersonFile(team.admin.app, person)
    await file.reload()
    assert file.view is not None
    assert file.view.next is not None
    assert file.view.next.title == "Bewerbung"
    await file.finish(file.view.next.id)
    await file.reload()
    assert file.view.next.title == "Anrufen"


async def test_a_file_of_another_site_is_not_here(team: Team):
    file = PersonFile(team.admin.app, "00000000-0000-7000-8000-000000000000")
    await file.reload()
    assert file.missing
    assert file.view is None


async def test_a_consent_is_read_signed_and_taken_along_or_declined_without_a_trace(team: Team):
    app = team.admin.app
    person = await _person(team, "Falke")
    form = NewConsent(app, person)
    await form.reload()
    await form.set("purpose", "handover")
    assert await form.talk() is None
    assert form.errors == {"recipients": "needs_recipient"}
    await form.set("recipients", [{"name": "Frau Adler", "office": "Bäckerei Steiner"}, {}])
    talk = await form.talk()
    assert talk is not None
    assert talk.text.title == "Darf ich das weitergeben?"
    talk.sign(SIGNATURE)
    talk.decline()
    assert (talk.answer, talk.signature) == ("no", "")
    assert await app.ask(consents.consents, person) == []

    talk = await form.talk()
    assert talk is not None
    talk.sign(SIGNATURE)
    talk.speak("ar")
    assert not talk.signed, "it was signed under another text"
    talk.sign(SIGNATURE)
    await talk.agree()
    assert (talk.answer, talk.signature) == ("yes", "")
    (given,) = await app.ask(consents.consents, person)
    assert (given.form, given.language, given.signed, given.state) == ("signed_here", "ar", True, "valid")
    assert [(one["name"], one["office"]) for one in given.recipients] == [("Frau Adler", "Bäckerei Steiner")]
    again = NewConsent(app, person)
    await again.reload()
    assert not again.kept

    app.files = files = FakeFiles()
    file = PersonFile(app, person)
    assert await file.give_out(given.id) is not None
    ((name, content),) = files.files.items()
    assert name == "einwilligung.pdf"
    assert content.startswith(b"%PDF-")
