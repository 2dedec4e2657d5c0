"""Ten seconds: anonymous by default, inherited from the outing, and everything that follows from one tap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, consents, encounters, outing, people, person_file, tasks
from tests.services.team import MOBILE, Member, Team


def on_the_road(member: Member) -> str:
    """Starts an outing and arrives at its first stop."""
    plan = member.ask(outing.plan)
    started = member.made(outing.start, outing.OutingStart(stops=[stop.stop for stop in plan.stops[:3]]))
    first = member.ask(outing.view, started).visits[0]
    member.do(outing.arrive, started, first.id)
    return started


def saved(member: Member, draft: capture.CaptureDraft) -> encounters.EncounterView:
    member.do(capture.save, draft)
    return member.ask(encounters.detail, draft.id)


def test_a_draft_inherits_what_the_running_outing_knows(jana: Member) -> None:
    started = on_the_road(jana)
    draft = jana.ask(capture.new_draft)
    here = jana.ask(outing.view, started).here
    assert here is not None
    assert (draft.outing, draft.stop, draft.place, draft.municipality) == (
        started,
        here.stop,
        "stop",
        here.municipality,
    )
    assert (draft.site, draft.work_form) == (MOBILE, "street_work")
    assert jana.ask(capture.where, draft) == here.name


def test_an_office_draft_needs_no_outing(tom: Member) -> None:
    draft = tom.ask(capture.new_draft)
    assert (draft.place, draft.municipality, draft.outing) == ("office", "Nürtingen", None)


def test_one_anonymous_person_is_counted_by_age(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.age, draft.topics, draft.note = "age_18_20", ["housing"], "Sucht ein Zimmer."
    view = saved(jana, draft)
    assert view.counts == {"age_18_20": {"no_answer": 1}}
    assert (view.people, view.person, view.topics) == (1, None, ["housing"])


def test_saving_twice_is_once(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.note, draft.next_step = "Einmal.", "Anrufen"
    jana.do(capture.save, draft)
    jana.do(capture.save, draft)
    assert jana.ask(encounters.lines).total == 1
    assert [line.title for line in jana.ask(tasks.lines)] == ["Anrufen"]


def test_a_next_step_becomes_a_task_in_the_persons_file(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.people = [jana.ask(capture.new_person, "Falke", 2009, "male")]
    draft.next_step, draft.next_step_on = "Bewerbung schicken", date(2026, 11, 26)
    view = saved(jana, draft)
    assert view.person is not None
    assert view.person.name == "Falke"
    file = jana.ask(person_file.detail, view.person.id)
    assert file.next is not None
    assert (file.next.title, file.next.due, file.next.when) == ("Bewerbung schicken", date(2026, 11, 26), "soon")
    assert file.age == 17
    assert [item.kind for item in file.timeline] == ["encounter"]


def test_a_group_names_nobody_in_the_sites_stream(jana: Member, sabine: Member, team: Team) -> None:
    falke = jana.made(people.create, people.PersonForm("Falke", 2009, "male"))
    draft = jana.ask(capture.new_draft)
    draft.setting = "group"
    for _ in range(3):
        capture.tap(draft, "age_14_17", "male")
    capture.tap(draft, "under_14", "male")
    capture.add_person(draft, jana.ask(capture.known_person, falke))
    draft.people[0].note = "Will die Schule nicht abbrechen."
    view = saved(jana, draft)
    assert (view.people, view.inside, draft.separate) == (4, 3, 1)
    assert view.person is None
    assert [(part.person.name, part.note) for part in view.parts] == [("Falke", "Will die Schule nicht abbrechen.")]
    with jana.store.session() as session:
        from goes_mobile.records.encounter import Encounter

        assert session.get(Encounter, draft.id).people == []
    team.everyone_syncs()
    assert [part.person.name for part in sabine.ask(encounters.detail, draft.id).parts] == ["Falke"]


def test_known_people_nobody_tapped_are_counted_by_their_file(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.people = [jana.ask(capture.new_person, "Falke", 2009, "male"), jana.ask(capture.new_person, "Luna", 2007)]
    draft.setting = "group"
    assert saved(jana, draft).counts == {"age_14_17": {"male": 1}, "age_18_20": {"no_answer": 1}}


def test_taps_can_be_taken_back_one_by_one(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    capture.tap(draft, "age_14_17", "female")
    capture.tap(draft, "age_14_17", "female")
    capture.tap(draft, "age_14_17", "female", -1)
    assert draft.counted == 1
    capture.undo_tap(draft)
    assert draft.counted == 2
    capture.undo_tap(draft)
    capture.undo_tap(draft)
    capture.undo_tap(draft)
    assert (draft.counted, draft.counts, draft.taps) == (0, {}, [])
    capture.tap(draft, "unknown", "no_answer", -1)
    assert draft.taps == []


def test_a_draft_survives_the_lock_and_comes_back_whole(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.note, draft.topics, draft.next_step_on = "Angefangen …", ["school"], date(2026, 12, 1)
    draft.people = [jana.ask(capture.new_person, "Yusuf")]
    capture.tap(draft, "age_14_17", "male")
    jana.ask(capture.keep_draft, draft)
    jana.store.lock()
    jana.store.unlock("eine lange Passphrase")
    assert jana.ask(capture.load_draft, draft.id) == draft
    assert [line.topics for line in jana.ask(capture.draft_lines)] == [["school"]]
    jana.ask(capture.after_save, draft)
    assert jana.ask(capture.draft_lines) == []


def test_outside_14_to_27_is_a_hint_and_never_a_refusal(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.people = [jana.ask(capture.new_person, "Kleiner Bruder", 2015)]
    draft.topics = ["leisure"]
    assert [(hint.code, hint.facts) for hint in jana.ask(capture.check, draft)] == [("outside_age", {"age": 11})]
    assert saved(jana, draft).person is not None


@pytest.mark.parametrize(("days", "code"), [(400, "in_the_future"), (-800, "long_ago")])
def test_strange_dates_are_hinted_at(jana: Member, days: int, code: str) -> None:
    draft = jana.ask(capture.new_draft)
    draft.at += timedelta(days=days)
    draft.topics = ["school"]
    assert [hint.code for hint in jana.ask(capture.check, draft)] == [code]
    assert saved(jana, draft).at == draft.at


@pytest.mark.parametrize("note", ["x" * 100_000, "👩🏽‍🚒 und 👨‍👩‍👧", "مرحبا بكم", "a\u202eb", "Zeile\nzwei"])
def test_any_text_is_kept(jana: Member, note: str) -> None:
    draft = jana.ask(capture.new_draft)
    draft.note = note
    assert saved(jana, draft).note == note


def test_nul_and_control_characters_are_left_out(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.note = "vor\x00her\x07"
    assert saved(jana, draft).note == "vorher"


def test_a_correction_changes_only_what_was_changed(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.topics, draft.note, draft.next_step = ["school"], "Erst so.", "Anrufen"
    saved(jana, draft)
    again = jana.ask(capture.correction, draft.id)
    assert (again.note, again.topics, again.setting, again.corrects) == ("Erst so.", ["school"], "single", True)
    assert jana.do(capture.save, again) == []
    again.note, again.next_step = "Dann so.", "Zurückrufen"
    view = saved(jana, again)
    assert view.note == "Dann so."
    assert [task.title for task in view.tasks] == ["Zurückrufen"]
    assert view.changes == 2


def test_corrections_on_two_devices_are_two_versions(jana: Member, aylin: Member, team: Team) -> None:
    draft = jana.ask(capture.new_draft)
    draft.note, draft.minutes = "Am Anfang.", 10
    saved(jana, draft)
    team.everyone_syncs()
    here, there = jana.ask(capture.correction, draft.id), aylin.ask(capture.correction, draft.id)
    here.note, there.note, there.minutes = "Jana schreibt.", "Aylin schreibt.", 20
    jana.do(capture.save, here)
    aylin.do(capture.save, there)
    team.everyone_syncs()
    assert jana.ask(encounters.detail, draft.id).conflicts == ["note"]
    assert jana.ask(encounters.detail, draft.id).minutes == 20


def test_a_draft_begun_before_a_colleagues_edit_does_not_undo_it(jana: Member, aylin: Member, team: Team) -> None:
    draft = jana.ask(capture.new_draft)
    draft.note = "Am Anfang."
    saved(jana, draft)
    team.everyone_syncs()
    begun = jana.ask(capture.correction, draft.id)
    other = aylin.ask(capture.correction, draft.id)
    other.note = "Von Aylin."
    aylin.do(capture.save, other)
    team.everyone_syncs()
    begun.note = "Von Jana, ohne Aylins zu kennen."
    jana.do(capture.save, begun)
    assert jana.ask(encounters.detail, draft.id).conflicts == ["note"]


def test_naming_somebody_afterwards_needs_their_consent(jana: Member, sabine: Member, team: Team) -> None:
    draft = jana.ask(capture.new_draft)
    draft.note = "Anonym begonnen."
    saved(jana, draft)
    falke = jana.made(people.create, people.PersonForm("Falke"))
    again = jana.ask(capture.correction, draft.id)
    capture.add_person(again, jana.ask(capture.known_person, falke))
    with pytest.raises(InputRefused) as refused:
        jana.ask(capture.save, again)
    assert refused.value.code == "needs_consent"
    jana.do(consents.give, falke, consents.ConsentForm(categories=["encounters"], guardian="Mutter"))
    jana.do(capture.save, again)
    team.everyone_syncs()
    assert [item.text for item in sabine.ask(person_file.detail, falke).timeline if item.kind == "encounter"] == [
        "Anonym begonnen."
    ]


def test_the_group_of_a_correction_keeps_its_people(jana: Member) -> None:
    draft = jana.ask(capture.new_draft)
    draft.setting = "group"
    draft.people = [jana.ask(capture.new_person, "Falke"), jana.ask(capture.new_person, "Luna")]
    saved(jana, draft)
    again = jana.ask(capture.correction, draft.id)
    assert sorted(person.alias for person in again.people) == ["Falke", "Luna"]
    again.people = [person for person in again.people if person.alias == "Luna"]
    again.people[0].note = "Kam später."
    assert [(part.person.name, part.note) for part in saved(jana, again).parts] == [("Luna", "Kam später.")]


def test_own_most_used_topics_come_first(jana: Member) -> None:
    for topics in (["debts", "housing"], ["debts"]):
        draft = jana.ask(capture.new_draft)
        draft.topics = topics
        jana.do(capture.save, draft)
    offered = jana.ask(capture.choices).topics
    assert offered[:2] == ["debts", "housing"]
    assert len(offered) == 20
