"""Ten seconds for an encounter, and nothing of it lost: not by a lock, not by a second thought."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, encounters, people, tasks
from goes_mobile.services.outing import OutingStart, arrive, plan, running, start
from goes_mobile.services.people import PersonForm
from goes_mobile.services.today import overview
from goes_mobile.state.app import App
from goes_mobile.state.capture import Capture, Source, restore, take_back
from goes_mobile.state.person_search import PersonSearch
from tests.state.team import NOON, SECRET, Colleague, Team


@pytest.fixture
async def jana(team: Team) -> Colleague:
    return await team.enrol("Jana Keller", "outreach", "workmobil")


async def opened(app: App, source: Source = "new", about: str = "", group: bool = False) -> Capture:
    view = Capture(app, source, about, group)
    await view.reload()
    return view


async def drafts(jana: Colleague) -> list[str]:
    return [line.id for line in await jana.ask(capture.draft_lines)]


async def on_the_road(jana: Colleague) -> str:
    offered = await jana.ask(plan)
    going = await jana.do(start, OutingStart(stops=[offered.stops[0].stop]))
    seen = await jana.ask(running)
    await jana.do(arrive, going, seen.visits[0].id)
    return seen.visits[0].name


async def test_an_anonymous_encounter_is_three_choices_and_a_tap(jana: Colleague):
    place = await on_the_road(jana)
    view = await opened(jana.app)
    assert view.where == place
    view.put("who", age="age_18_20")
    view.toggle("topics", "training", True)
    view.toggle("actions", "listened", True)
    saved = await view.save()
    assert saved is not None
    seen = await jana.ask(encounters.detail, saved.id)
    assert (seen.where, seen.topics, seen.actions, seen.people) == (place, ["training"], ["listened"], 1)
    assert seen.counts == {"age_18_20": {"no_answer": 1}}
    assert await drafts(jana) == []


async def test_like_last_time_takes_over_what_was_counted_and_nothing_told(jana: Colleague):
    view = await opened(jana.app)
    assert not await view.like_last()
    falke = await jana.do(people.create, PersonForm(alias="Falke"))
    for person, topic in ((falke, "housing"), ("", "leisure")):
        view = await opened(jana.app)
        if person:
            await view.choose_known(person)
        view.toggle("topics", topic, True)
        view.toggle("actions", "listened", True)
        view.write(note="Erzählt vom Streit.", next_step="Anrufen")
        await view.save()
    view = await opened(jana.app)
    assert await view.like_last()
    assert (view.at_hand.topics, view.at_hand.actions) == (["leisure"], ["listened"])
    assert (view.at_hand.note, view.at_hand.next_step) == ("", "")
    await view.choose_known(falke)
    assert await view.like_last()
    assert (view.at_hand.topics, view.at_hand.contact_type) == (["housing"], "repeat")


async def test_a_draft_is_sealed_within_a_second(jana: Colleague):
    view = await opened(jana.app)
    view.write(note="Kommt morgen wieder")
    assert view.keeping.state == ""
    kept = asyncio.Event()
    view.keeping.subscribe(on_kept := lambda sender, field: kept.set() if sender.state == "kept" else None)
    async with asyncio.timeout(1):
        await kept.wait()
    del on_kept
    assert await drafts(jana) == [view.at_hand.id]
    again = await opened(jana.app, "draft", view.at_hand.id)
    assert again.at_hand.note == "Kommt morgen wieder"
    assert again.keeping.state == "kept"


async def test_an_untouched_form_leaves_nothing_behind(jana: Colleague):
    view = await opened(jana.app)
    await view.close()
    assert await drafts(jana) == []
    view = await opened(jana.app)
    view.write(note="x")
    await view.keep()
    view.write(note="")
    await view.close()
    assert await drafts(jana) == [], "what was taken back is not kept either"


async def test_a_lock_in_the_middle_loses_nothing(jana: Colleague):
    view = await opened(jana.app)
    view.write(note="Mitten im Satz")
    await jana.app.lock()
    assert jana.store.locked
    await view.leave()
    await jana.app.unlock(SECRET)
    again = await opened(jana.app)
    assert again.at_hand.note == "Mitten im Satz", "the form comes back as it was"
    await again.close()
    fresh = await opened(jana.app)
    assert fresh.at_hand.note == "", "closed by hand it is a draft, and the next one begins empty"


async def test_another_person_does_not_find_it(team: Team, jana: Colleague):
    both = App([jana.app.profile, team.admin.app.profile])
    await both.start()
    await both.unlock(SECRET)
    view = await opened(both)
    view.write(note="Nur für Jana")
    await both.lock()
    await both.choose(team.admin.app.profile)
    await both.unlock(SECRET)
    other = await opened(both)
    assert other.at_hand.note == ""


async def test_leaving_by_the_back_gesture_keeps_the_draft_and_says_so(jana: Colleague):
    told: list[str] = []
    jana.app.subscribe(["draft"], lambda: told.append("drafts"))
    view = await opened(jana.app)
    view.toggle("topics", "school", True)
    await view.leave()
    assert await drafts(jana) == [view.at_hand.id]
    assert told == ["drafts"]
    assert jana.app.left_open == ""


async def test_save_and_next_stays_at_the_same_place(jana: Colleague):
    place = await on_the_road(jana)
    view = await opened(jana.app)
    view.set_group(True)
    view.count("age_14_17", "female", 1)
    first = await view.save_and_next()
    assert first is not None
    assert view.at_hand.id != first.id
    assert (view.where, view.at_hand.setting, view.at_hand.counts) == (place, "group", {})
    assert (view.saved_where, view.before, view.keeping.state) == (place, first, "saved")
    view.count("age_14_17", "female", 1)
    assert view.keeping.state == ""


async def test_a_double_tap_saves_once(jana: Colleague):
    view = await opened(jana.app)
    view.toggle("topics", "school", True)
    both = await asyncio.gather(view.save(), view.save())
    assert [saved is None for saved in both] == [False, True]
    assert (await jana.ask(encounters.lines)).total == 1


async def test_undo_makes_it_a_draft_again(jana: Colleague):
    view = await opened(jana.app)
    view.write(note="Zu schnell", next_step="Anrufen")
    saved = await view.save()
    assert saved is not None
    assert len(await jana.ask(tasks.lines)) == 1
    again = await take_back(jana.app, saved)
    assert (await jana.ask(encounters.lines)).total == 0
    assert await jana.ask(tasks.lines) == []
    assert await drafts(jana) == [again]
    back = await opened(jana.app, "draft", again)
    assert back.at_hand.note == "Zu schnell"
    await back.save()
    assert (await jana.ask(encounters.lines)).total == 1


async def test_a_discarded_draft_can_be_had_back(jana: Colleague):
    view = await opened(jana.app)
    view.write(note="Doch wichtig")
    await view.keep()
    draft = await view.discard()
    assert await drafts(jana) == []
    await restore(jana.app, draft)
    assert await drafts(jana) == [draft.id]


async def test_what_is_refused_stays_on_the_screen(jana: Colleague):
    view = await opened(jana.app)
    view.write(note="Wichtig", minutes=100_000)
    with pytest.raises(InputRefused):
        await view.save()
    assert await drafts(jana) == [view.at_hand.id]
    assert (await jana.ask(encounters.lines)).total == 0
    view.write(minutes=10)
    assert await view.save() is not None


async def test_the_tally_counts_and_takes_back(jana: Colleague):
    view = await opened(jana.app, group=True)
    assert view.at_hand.setting == "group"
    for age in ("age_14_17", "age_14_17", "under_14"):
        view.count(age, "male", 1)
    assert (view.at_hand.counted, view.at_hand.separate) == (3, 1)
    view.undo_count()
    view.count("age_14_17", "male", -1)
    view.count("age_21_24", "female", -1)
    assert view.at_hand.counts == {"age_14_17": {"male": 1}}


async def test_going_back_to_one_keeps_one_person(jana: Colleague):
    luna = await jana.do(people.create, PersonForm("Luna"))
    mika = await jana.do(people.create, PersonForm("Mika B."))
    view = await opened(jana.app, "person", luna)
    assert [person.alias for person in view.at_hand.people] == ["Luna"]
    await view.choose_known(mika)
    assert view.at_hand.setting == "group"
    view.set_group(False)
    assert [person.alias for person in view.at_hand.people] == ["Luna"]
    view.remove(luna)
    assert view.at_hand.anonymous


async def test_somebody_new_is_made_with_the_encounter(jana: Colleague):
    await jana.do(people.create, PersonForm("Falke", 2009))
    search = PersonSearch(jana.app)
    await search.search("Falk")
    assert [line.alias for line in search.found or []] == ["Falke"]
    await search.begin_new()
    assert (search.alias, [s.line.alias for s in search.similar]) == ("Falk", ["Falke"])
    await search.set_alias("")
    assert await search.make() is None
    assert search.wrong == "alias"
    await search.set_alias("Yusuf")
    assert search.similar == []
    await search.set_year("20")
    assert await search.make() is None
    assert search.wrong == "year"
    await search.set_year("2008")
    search.set_gender("male")
    person = await search.make()
    assert person is not None
    view = await opened(jana.app)
    view.add(person)
    saved = await view.save()
    assert saved is not None
    seen = await jana.ask(encounters.detail, saved.id)
    assert seen.person is not None
    assert seen.person.name == "Yusuf"


async def test_only_the_newest_search_is_shown(jana: Colleague):
    for alias in ("Falke", "Luna"):
        await jana.do(people.create, PersonForm(alias))
    search = PersonSearch(jana.app)
    await asyncio.gather(search.search("Fal"), search.search("Lun"))
    assert [line.alias for line in search.found or []] == ["Luna"]


async def test_place_and_time_can_be_mended(jana: Colleague):
    view = await opened(jana.app)
    stop = view.choices.stops[0]
    await view.at_stop(stop.id)
    assert view.where == stop.name
    assert view.at_hand.municipality
    await view.at_place("street")
    await view.say_place("Skatepark")
    await view.in_municipality("Köngen")
    assert (view.where, view.at_hand.stop) == ("Skatepark", None)
    view.move(clock=time(9, 15))
    view.move(day=date(2026, 11, 20))
    assert view.at_hand.at == datetime(2026, 11, 20, 8, 15, tzinfo=UTC)


async def test_hints_never_stand_in_the_way(jana: Colleague):
    view = await opened(jana.app)
    view.move(day=(NOON + timedelta(days=3)).date())
    view.put("step", next_step="Zu spät", next_step_on=(NOON - timedelta(days=1)).date())
    view.put("who", age="under_14")
    await view.keep()
    assert {(hint.field, hint.code) for hint in view.hints} >= {
        ("at", "in_the_future"), ("next_step_on", "in_the_past"), ("head_counts", "outside_age"),
    }  # fmt: skip
    assert await view.save() is not None


async def test_the_next_step_becomes_somebodys_task(team: Team, jana: Colleague):
    aylin = await team.enrol("Aylin Yıldız", "outreach", "workmobil")
    view = await opened(jana.app)
    assert {member.name for member in view.choices.team} >= {"Jana Keller", "Aylin Yıldız"}
    view.write(next_step="Liste Kfz-Betriebe mitbringen")
    view.put("step", next_step_on=view.ahead(1), next_step_for=aylin.member)
    await view.save()
    await team.exchange()
    line = (await aylin.ask(tasks.lines))[0]
    assert (line.title, line.due) == ("Liste Kfz-Betriebe mitbringen", date(2026, 11, 25))


async def test_a_correction_changes_only_what_was_changed(jana: Colleague):
    encounter = await jana.note("Kommt selten.", topics=["school"])
    view = await opened(jana.app, "record", encounter)
    assert view.at_hand.corrects
    view.toggle("topics", "family", True)
    await view.close()
    line = (await jana.ask(overview)).drafts[0]
    assert line.corrects
    again = await opened(jana.app, "record", encounter)
    assert again.at_hand.topics == ["school", "family"], "a correction is kept like any draft"
    await again.save()
    seen = await jana.ask(encounters.detail, encounter)
    assert (sorted(seen.topics), seen.note) == (["family", "school"], "Kommt selten.")
    assert await drafts(jana) == []


async def test_chips_are_ones_own_most_used_and_never_jump(jana: Colleague):
    for _ in range(3):
        await jana.note(topics=["debts", "housing"])
    view = await opened(jana.app)
    first = view.offered("topics", 6)
    assert set(first[:2]) == {"debts", "housing"}
    rare = view.choices.topics[-1]
    view.toggle("topics", first[3], True)
    view.toggle("topics", rare, True)
    view.toggle("topics", "of_a_newer_version", True)
    assert view.offered("topics", 6) == [*first, rare, "of_a_newer_version"]


async def test_a_draft_that_is_gone_says_so(jana: Colleague):
    assert (await opened(jana.app, "draft", "01900000-0000-7000-8000-000000000000")).gone


async def test_long_and_strange_notes_survive(jana: Colleague):
    view = await opened(jana.app)
    note = "🙂 שלום " + "Wort " * 20_000
    view.write(note=note)
    await view.keep()
    assert (await opened(jana.app, "draft", view.at_hand.id)).at_hand.note == note
    saved = await view.save()
    assert saved is not None
    assert (await jana.ask(encounters.detail, saved.id)).note.strip() == note.strip()
