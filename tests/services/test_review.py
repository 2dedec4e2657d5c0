"""A supervisor's verdict on what was on the screen, the author's answer, and back again."""

from __future__ import annotations

import pytest

from goes_mobile.protocol.problems import InputRefused
from goes_mobile.services import capture, review, today
from tests.services.team import Member, Team


def noted(member: Member, note: str = "Will die Schule wechseln.", person: str | None = None) -> str:
    draft = member.ask(capture.new_draft)
    draft.note, draft.place_note = note, "Bahnhof Plochingen"
    if person:
        draft.people = [member.ask(capture.new_person, person)]
    member.do(capture.save, draft)
    return draft.id


def ids(lines: list[review.QueueLine]) -> list[str]:
    return [line.id for line in lines]


def test_question_answer_and_approval(jana: Member, sabine: Member, team: Team) -> None:
    note = noted(jana)
    team.everyone_syncs()
    assert ids(sabine.ask(review.queue).open) == [note]
    sabine.do(review.verdict, note, "question", "War das ein Erstkontakt?")
    assert ids(sabine.ask(review.queue).waiting) == [note]
    team.everyone_syncs()
    asked = jana.ask(review.my_questions)
    assert [(q.comment, q.where, q.asker and q.asker.name) for q in asked] == [
        ("War das ein Erstkontakt?", "Bahnhof Plochingen", "Sabine Wolf")
    ]
    jana.do(review.answer, asked[0].review, "Ja, zum ersten Mal.")
    assert jana.ask(review.my_questions) == []
    team.everyone_syncs()
    queue = sabine.ask(review.queue)
    assert [(line.id, line.state) for line in queue.open] == [(note, "answered")]
    assert ids(sabine.ask(today.overview).answers) == [note]
    assert [said.text for said in sabine.ask(review.talk, note)] == ["War das ein Erstkontakt?", "Ja, zum ersten Mal."]
    sabine.do(review.verdict, note, "approved")
    assert ids(sabine.ask(review.queue).done) == [note]
    assert sabine.ask(review.state, "encounter", note) == "approved"


def test_approved_holds_only_while_nothing_changes(jana: Member, sabine: Member, team: Team) -> None:
    note = noted(jana)
    team.everyone_syncs()
    sabine.do(review.verdict, note, "approved")
    team.everyone_syncs()
    again = jana.ask(capture.correction, note)
    again.note = "Doch nicht."
    jana.do(capture.save, again)
    team.everyone_syncs()
    assert jana.ask(review.state, "encounter", note) == "changed"
    assert [(line.id, line.state) for line in sabine.ask(review.queue).open] == [(note, "changed")]


def test_a_verdict_on_a_version_that_changed_meanwhile_is_refused(jana: Member, sabine: Member, team: Team) -> None:
    note = noted(jana)
    team.everyone_syncs()
    shown = sabine.ask(review.seen, "encounter", note)
    again = jana.ask(capture.correction, note)
    again.note = "Anders."
    jana.do(capture.save, again)
    team.everyone_syncs()
    with pytest.raises(InputRefused) as refused:
        sabine.ask(review.verdict, note, "approved", on=shown)
    assert refused.value.code == "changed_meanwhile"


def test_nobody_reviews_their_own_or_elsewhere(team: Team, sabine: Member, jana: Member) -> None:
    from tests.services.team import OFFICE

    elsewhere = team.enrol("Uwe Kern", "supervisor", OFFICE)
    own = noted(sabine)
    note = noted(jana)
    team.everyone_syncs()
    assert ids(sabine.ask(review.queue).open) == [note]
    for member, record, code in ((sabine, own, "own_record"), (elsewhere, note, "unknown_record"),
                                 (jana, note, "role_may_not_write")):  # fmt: skip
        with pytest.raises(InputRefused) as refused:
            member.ask(review.verdict, record, "approved")
        assert refused.value.code == code


@pytest.mark.parametrize("verdict", ["question", "returned"])
def test_a_question_needs_words(jana: Member, sabine: Member, team: Team, verdict: str) -> None:
    note = noted(jana)
    team.everyone_syncs()
    with pytest.raises(InputRefused) as refused:
        sabine.ask(review.verdict, note, verdict, "  ")
    assert refused.value.facts["field"] == "comment"


def test_a_returned_record_is_back_when_it_was_reworked(jana: Member, sabine: Member, team: Team) -> None:
    note = noted(jana, person="Falke")
    team.everyone_syncs()
    sabine.do(review.verdict, note, "returned", "Bitte ohne Nachnamen.")
    team.everyone_syncs()
    assert [question.verdict for question in jana.ask(review.my_questions)] == ["returned"]
    again = jana.ask(capture.correction, note)
    again.note = "Ohne Namen."
    jana.do(capture.save, again)
    assert jana.ask(review.my_questions) == []
    team.everyone_syncs()
    assert ids(sabine.ask(review.queue).open) == [note]


def test_a_verdict_can_be_taken_back(jana: Member, sabine: Member, team: Team) -> None:
    note = noted(jana)
    team.everyone_syncs()
    given = sabine.made(review.verdict, note, "approved")
    sabine.do(review.take_back, given)
    assert sabine.ask(review.state, "encounter", note) == "open"


def test_only_the_author_answers(jana: Member, aylin: Member, sabine: Member, team: Team) -> None:
    note = noted(jana)
    team.everyone_syncs()
    asked = sabine.made(review.verdict, note, "question", "Wer begleitet?")
    team.everyone_syncs()
    assert aylin.ask(review.my_questions) == []
    with pytest.raises(InputRefused) as refused:
        aylin.ask(review.answer, asked, "Ich nicht.")
    assert refused.value.code == "not_your_record"


def test_a_persons_reviews_live_in_their_file(jana: Member, sabine: Member, team: Team) -> None:
    note = noted(jana, person="Falke")
    team.everyone_syncs()
    given = sabine.made(review.verdict, note, "approved")
    with sabine.store.session() as session:
        from goes_mobile.records.review import Review

        found = session.get(Review, given)
        assert found is not None
        assert found.subject == found.person
        assert found.subject is not None
