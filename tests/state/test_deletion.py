"""A colleague asks, the supervisor sees why and releases, both see it done; what is due, and who may disclose."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import select

from goes_mobile.records.attachment import Attachment
from goes_mobile.services import attachments, disclosure, disclosure_files, people, review
from goes_mobile.services.people import PersonForm
from goes_mobile.state.deletion import Calendar, DeletionForm, Deletions, DisclosureView
from goes_mobile.state.holds import Holds
from goes_mobile.state.people import PersonFile
from goes_mobile.store.change import Change
from tests.state.team import Team


async def test_a_file_is_asked_for_released_and_gone(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    falke = await jana.do(people.create, PersonForm("Falke"))
    await jana.note("Will nicht mehr kommen.", people=[falke])
    await team.exchange()

    form = DeletionForm(jana.app, "young_person", falke)
    await form.reload()
    assert form.name == "Falke"
    assert not await form.ask()
    assert form.error == "no_reason"
    form.choose("by_request")
    form.write("Hat heute angerufen.")
    assert await form.ask()
    mine = Deletions(jana.app)
    await mine.reload()
    assert mine.lines is not None
    assert [line.refusal for line in mine.lines] == ["only_supervisors_release"]
    await team.exchange()

    view = Deletions(sabine.app)
    await view.reload()
    assert view.lines is not None
    [line] = view.lines
    assert (line.state, line.reason, line.text, line.refusal) == ("proposed", "by_request", "Hat heute angerufen.", "")
    assert [subject.name for subject in line.about] == ["Falke"]
    file = PersonFile(sabine.app, falke)
    await file.reload()
    assert not file.missing
    view.choose(line)
    assert await view.release() == ""
    [line] = view.lines
    assert (line.state, line.here, line.about) == ("released", True, [])
    file = PersonFile(sabine.app, falke)
    await file.reload()
    assert file.missing


async def test_nobody_releases_their_own_request_or_one_with_a_hold(team: Team):
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    falke, luna = [await sabine.do(people.create, PersonForm(alias)) for alias in ("Falke", "Luna")]
    await team.exchange()
    for colleague, person in ((sabine, falke), (jana, luna)):
        form = DeletionForm(colleague.app, "young_person", person)
        form.choose("mistake")
        assert await form.ask()
    await team.exchange()
    until = date(2027, 3, 1)
    await sabine.set("retention_hold", person=luna, reason="Verfahren läuft", until=until)
    view = Deletions(sabine.app)
    await view.reload()
    assert view.lines is not None
    assert {line.refusal for line in view.lines} == {"own_order", "held_until"}
    for line in list(view.lines):
        view.choose(line)
        assert await view.release() == line.refusal
    form = DeletionForm(jana.app, "young_person", luna)
    await team.exchange()
    form.choose("by_request")
    assert not await form.ask()
    assert (form.error, form.facts) == ("held_until", {"until": "2027-03-01"})


async def test_a_request_is_declined_with_a_reason_its_author_reads_and_may_be_made_again(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    falke = await jana.do(people.create, PersonForm("Falke"))
    form = DeletionForm(jana.app, "young_person", falke)
    form.choose("no_purpose")
    assert await form.ask()
    await team.exchange()

    view = Deletions(sabine.app)
    await view.reload()
    assert view.lines is not None
    view.begin_no(view.lines[0])
    assert not await view.decline()
    assert view.error == "decline_why"
    view.write("Er kommt noch jeden Montag.")
    assert await view.decline()
    [line] = view.lines
    assert (line.state, line.refusal, line.declined) == ("declined", "declined_already", "Er kommt noch jeden Montag.")
    view.choose(line)
    assert await view.release() == "declined_already"
    await team.exchange()

    mine = Deletions(jana.app)
    await mine.reload()
    assert mine.lines is not None
    [line] = mine.lines
    assert (line.state, line.declined) == ("declined", "Er kommt noch jeden Montag.")
    assert line.declined_by is not None
    assert line.declined_by.name == "Sabine Wolf"
    file = PersonFile(jana.app, falke)
    await file.reload()
    assert not file.missing
    form = DeletionForm(jana.app, "young_person", falke)
    form.choose("by_request")
    assert await form.ask()
    await team.exchange()
    await view.reload()
    assert [(line.state, line.refusal) for line in view.lines] == [("proposed", "")]
    view.choose(view.lines[0])
    assert await view.release() == ""


async def test_a_hold_is_set_seen_and_lifted_by_a_supervisor(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    falke = await jana.do(people.create, PersonForm("Falke"))
    await team.exchange()
    today = team.clock.now.date()
    refused = Holds(jana.app, falke)
    refused.write("Verfahren")
    refused.end_on(today + timedelta(days=90))
    assert not await refused.hold()
    assert refused.errors == {"reason": "only_supervisors_hold"}

    view = Holds(sabine.app, falke)
    await view.reload()
    assert (view.name, view.lines) == ("Falke", [])
    assert not await view.hold()
    assert view.errors == {"reason": "hold_why"}
    view.write("Jugendgerichtsverfahren läuft.")
    view.end_on(today)
    assert not await view.hold()
    assert view.errors == {"until": "hold_future"}
    view.end_on(today + timedelta(days=90))
    assert await view.hold()
    await team.exchange()
    file = PersonFile(jana.app, falke)
    await file.reload()
    assert file.view is not None
    assert file.view.held_until == today + timedelta(days=90)
    form = DeletionForm(jana.app, "young_person", falke)
    form.choose("by_request")
    assert not await form.ask()
    assert form.error == "held_until"

    await view.reload()
    [line] = view.lines
    assert (line.reason, line.over) == ("Jugendgerichtsverfahren läuft.", False)
    await view.lift(line)
    await view.reload()
    assert view.lines == []
    await view.put_back(line)
    await view.reload()
    assert [held.id for held in view.lines] == [line.id]
    await view.lift(line)
    await team.exchange()
    assert await form.ask()


async def test_old_copies_of_moved_entries_are_released_together(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    falke = await jana.do(people.create, PersonForm("Falke"))
    notes = [await jana.note(f"Nummer {n}") for n in range(2)]
    await team.exchange()
    for note in notes:
        await jana.app.profile.lane(jana.store.write, [Change("encounter", note, {"people": [falke]})])
        await jana.app.profile.lane(jana.store.orders.follow)
    await team.exchange()
    view = Deletions(sabine.app)
    await view.reload()
    assert view.lines is not None
    assert [line.reason for line in view.left_behind] == ["moved", "moved"]
    view.choose(*view.left_behind)
    assert await view.release() == ""
    assert view.left_behind == []
    assert {line.state for line in view.lines} == {"released"}
    file = PersonFile(sabine.app, falke)
    await file.reload()
    assert file.view is not None
    assert file.view.encounters == 2


async def test_the_calendar_tells_what_is_due_and_changes_nothing(team: Team):
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    old, met, held = [await sabine.do(people.create, PersonForm(alias)) for alias in ("Alt", "Wieder", "Verfahren")]
    note = await sabine.note("anonym")
    await sabine.note("geht mit der Akte", people=[old])
    team.clock.later(days=400)
    await sabine.note("war da", people=[met])
    team.clock.later(days=3 * 366 - 400)
    await sabine.set("retention_hold", person=held, reason="Verfahren", until=date(2031, 1, 1))
    view = Calendar(sabine.app)
    await view.reload()
    assert view.lines is not None
    due = {line.id: line for line in view.lines}
    assert set(due) == {old, note, held}
    assert (due[old].counted_from, due[old].months, due[old].over) == ("last_contact", 36, True)
    assert due[old].due == due[old].since.replace(year=due[old].since.year + 3)
    assert due[held].held_until == date(2031, 1, 1)
    before = len(sabine.store.waiting())
    await view.reload()
    assert len(sabine.store.waiting()) == before
    form = DeletionForm(sabine.app, "young_person", old)
    form.choose("retention_due")
    assert await form.ask()
    await view.reload()
    assert {line.id for line in view.lines or [] if line.requested} == {old}


async def test_a_disclosure_is_for_supervisors_and_offices_of_the_site(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    falke = await jana.do(people.create, PersonForm("Falke"))
    for n in range(2):
        await jana.note(f"Nummer {n}", people=[falke], at=team.clock.now - timedelta(days=n))
    await team.exchange()
    refused = DisclosureView(jana.app, falke)
    await refused.reload()
    assert (refused.error, refused.made) == ("disclosure_role", None)
    view = DisclosureView(sabine.app, falke)
    await view.reload()
    assert view.made is not None
    assert [record.kind for record in view.made.records] == ["young_person", "encounter", "encounter"]
    assert view.made.to_check == 2
    assert [(a.group, a.members) for a in view.made.access if a.group == "site"] == [
        ("site", ["Jana Keller", "Petra Amann", "Sabine Wolf"])
    ]
    written: dict[str, bytes] = {}

    class Kept:
        async def save(self, name: str, content: bytes) -> str:
            written[name] = content
            return name

    sabine.app.files = Kept()  # type: ignore[assignment]
    assert await view.save("pdf") == f"auskunft-{falke[-6:]}.pdf"
    assert await view.save("json")
    assert sorted(content[:1] for content in written.values()) == [b"%", b"{"]


async def test_a_disclosure_tells_all_that_is_held_and_no_key(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    falke = await jana.do(people.create, PersonForm("Falke", 2009))
    alone = await jana.note("Sucht Arbeit.", people=[falke])
    group = await jana.note("Alle am Bahnhof.", setting="group")
    await jana.set("participation", person=falke, encounter=group, note="War still.")
    await jana.set("task", title="Bewerbung schicken", person=falke)
    await jana.do(attachments.add, falke, attachments.prepare("Brief.pdf", b"%PDF-1.7"), "letter")
    await jana.note("Sucht eine Ausbildung.", record=alone)
    await team.exchange()
    await sabine.do(review.verdict, alone, "question", "Seit wann?")
    made = await sabine.ask(disclosure.of_person, falke)
    told = [(held.kind, held.shared) for held in made.records]
    assert told == [
        ("young_person", False), ("encounter", False), ("encounter", True), ("participation", False), ("task", False),
        ("attachment", False), ("review", False),
    ]  # fmt: skip
    [met] = [held for held in made.records if held.id == alone]
    assert [(step.changes, step.check) for step in met.steps] == [
        (["Notiz: Sucht Arbeit. → Sucht eine Ausbildung."], True), ([], False)
    ]  # fmt: skip
    [reviewed] = [held for held in made.records if held.kind == "review"]
    assert [item.words for item in reviewed.items if item.name == "record"] == [met.title]
    [document] = [held for held in made.records if held.kind == "attachment"]
    assert [item.name for item in document.items] == ["name", "kind", "media_type"]
    written = disclosure_files.as_json(made).decode()
    with jana.store.session() as session:
        [kept] = session.exec(select(Attachment)).all()
    assert kept.content not in written
    assert kept.content[22:60] not in written
    assert made.to_check == 7
