"""A supervisor asks, the author answers, it comes back; an approval holds for the version that was seen."""

from __future__ import annotations

from goes_mobile.services import consents, people, review
from goes_mobile.services.consents import ConsentForm
from goes_mobile.services.people import PersonForm
from goes_mobile.state.reviews import Case, Question, ReviewQueue
from tests.state.team import Team


async def test_a_question_goes_to_the_author_and_comes_back(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    record = await jana.note("Kommt morgen wieder.")
    await team.exchange()

    queue = ReviewQueue(sabine.app)
    await queue.reload()
    assert [line.id for line in queue.lines] == [record]

    case = Case(sabine.app, record)
    await case.reload()
    assert not await case.give("question")
    assert case.error == "required"
    case.write("War das ein Erstkontakt?")
    assert await case.give("question")
    await queue.reload()
    assert queue.lines == []
    queue.choose("waiting")
    assert [line.id for line in queue.lines] == [record]

    await team.exchange()
    [asked] = await jana.ask(review.my_questions)
    question = Question(jana.app, asked.review)
    await question.reload()
    assert question.line is not None
    assert question.line.comment == "War das ein Erstkontakt?"
    assert not await question.send()
    team.clock.later(minutes=5)
    question.write("Ja, zum ersten Mal.")
    assert await question.send()
    await question.reload()
    assert question.missing

    await team.exchange()
    queue.choose("open")
    await queue.reload()
    assert [(line.id, line.state) for line in queue.lines] == [(record, "answered")]
    case = Case(sabine.app, record)
    await case.reload()
    assert case.case is not None
    assert [said.text for said in case.case.talk] == ["War das ein Erstkontakt?", "Ja, zum ersten Mal."]
    assert await case.give("approved")
    await queue.reload()
    assert queue.lines == []


async def test_a_verdict_can_be_taken_back(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    record = await jana.note("Kommt morgen wieder.")
    await team.exchange()
    case = Case(sabine.app, record)
    await case.reload()
    assert await case.give("approved")
    assert await sabine.ask(review.state, "encounter", record) == "approved"
    await case.take_back()
    assert await sabine.ask(review.state, "encounter", record) == "open"


async def test_what_changes_while_it_is_read_is_told_and_not_approved_unseen(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    record = await jana.note("Kommt morgen wieder.")
    await team.exchange()
    case = Case(sabine.app, record)
    await case.reload()
    await jana.note("Kommt übermorgen.", record)
    await team.exchange()
    assert not await case.give("approved")
    assert case.error == "changed_meanwhile"
    await case.reload()
    assert case.newer
    assert await case.give("approved")
    await jana.note("Kommt gar nicht.", record)
    await team.exchange()
    queue = ReviewQueue(sabine.app)
    await queue.reload()
    assert [(line.id, line.state) for line in queue.lines] == [(record, "changed")]


async def test_the_program_looks_before_the_supervisor_does(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    falke = await jana.do(people.create, PersonForm(alias="Falke"))
    await jana.do(consents.give, falke, ConsentForm(categories=["identity"]))
    await jana.do(people.change, falke, {"given_name": "Fabian", "family_name": "Kehrer"})
    good = await jana.note("Falke kommt morgen.")
    bad = await jana.note("Fabian kommt morgen.", work_form=None, head_counts={"under_14": {"male": 1}})
    await team.exchange()

    async def codes(record: str) -> dict[str, bool]:
        case = Case(sabine.app, record)
        await case.reload()
        assert case.case is not None
        return {check.code: check.ok for check in case.case.checks}

    assert await codes(good) == {"complete": True, "no_names": True}
    assert await codes(bad) == {"incomplete": False, "names": False, "under_14": False}


async def test_what_a_supervisor_writes_is_there_again(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    record = await jana.note("Kommt morgen wieder.")
    await team.exchange()
    case = Case(sabine.app, record)
    await case.reload()
    case.write("War das")
    await case._draft.now()
    again = Case(sabine.app, record)
    await again.reload()
    assert again.comment == "War das"
