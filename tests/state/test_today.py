"""What *Heute* shows, and answering a question there."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, review
from goes_mobile.state.today import Today
from tests.state.team import Team


async def test_a_question_is_answered_and_gone(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    sabine = await team.enrol("Sabine Wolf", "supervisor", "workmobil")
    encounter = await jana.note("Will die Schule nicht abbrechen.")
    await team.exchange()
    leading = Today(sabine.app)
    await leading.reload()
    assert leading.seen is not None
    assert leading.seen.review_open == 1
    await sabine.do(review.verdict, encounter, "question", "Wer begleitet zum Termin?")
    await team.exchange()

    view = Today(jana.app)
    await view.reload()
    assert view.seen is not None
    question = view.seen.questions[0]
    assert (question.record, question.comment) == (encounter, "Wer begleitet zum Termin?")
    await view.begin_answer(question)
    with pytest.raises(InputRefused):
        await view.answer()
    view.write_answer("Aylin geht")
    view.stop_answer()
    assert view._kept is not None
    await view._kept.now()
    again = Today(jana.app)
    await again.reload()
    await again.begin_answer(question)
    assert again.reply == "Aylin geht", "what was typed is there again"
    again.write_answer("Aylin geht mit.")
    await again.answer()
    await again.reload()
    assert again.seen is not None
    assert again.seen.questions == []
    assert again.answering == ""

    await team.exchange()
    await leading.reload()
    assert [line.id for line in leading.seen.answers] == [encounter]


async def test_drafts_are_on_heute(team: Team):
    jana = await team.enrol("Jana Keller", "outreach", "workmobil")
    draft = await jana.ask(capture.new_draft)
    draft.topics = ["school"]
    await jana.ask(capture.keep_draft, draft)
    view = Today(jana.app)
    await view.reload()
    assert view.seen is not None
    assert [line.topics for line in view.seen.drafts] == [["school"]]
    assert not view.seen.quiet
