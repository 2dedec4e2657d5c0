"""Reviewing at a desk: a hasty hand approves nothing it has not read, and every notice says what it is about."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from goes_mobile.services import review
from tests.browser.harness import People, Person
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser


@pytest.fixture
async def office(founded: Office) -> Office:
    """Jana noted three encounters; nobody has looked at them."""
    now = datetime.now(UTC)
    for days, place in ((3, "Plochingen"), (2, "Wernau"), (1, "Nürtingen")):
        await founded.jana.note("Sucht ein Praktikum.", at=now - timedelta(days=days), place_note=place)
    await founded.team.exchange()
    return founded


@pytest.mark.parametrize(
    ("size", "button", "state"),
    [("wide", "Nachfragen", "question"), ("wide", "Zurückgeben", "returned"), ("phone", "", "")],
)
async def test_a_double_tap_decides_about_one_record_alone(
    office: Office, staff: People, size: str, button: str, state: str
):
    await office.lock()
    with office.served(office.sabine) as url:
        sabine = await staff.sit_down(url, size=size)
        await sabine.unlock(SECRET)
        await sabine.tap("Prüfen, 3 offen")
        await sabine.tap("Plochingen")
        await _twice(sabine, "Freigeben")
        await sabine.sees("Freigegeben.")
        await sabine.sees("Prüfen, 2 offen")
        await sabine.sees("Plochingen")  # no longer in the queue: the notice names it
        assert await _states(office) == ["approved", "open", "open"]
        if not button:
            return
        await sabine.tap("Nürtingen")
        await sabine.type("Rückfrage oder Hinweis", "Wer begleitet?")
        await _twice(sabine, button)
        await sabine.sees("Prüfen, 1 offen")
        assert await _states(office) == ["approved", "open", state]


async def _twice(person: Person, button: str) -> None:
    await person.settled()
    await (await person.find(button, "button")).dblclick()


async def _states(office: Office) -> list[str]:
    """Of the three encounters, oldest first."""
    app = office.apps[-1]
    queue = await app.ask(review.queue)
    lines = [*queue.open, *queue.waiting, *queue.done]
    return [line.state for line in sorted(lines, key=lambda line: line.at)]


async def test_an_answer_stands_where_the_supervisor_looks_first(office: Office, staff: People):
    queue = await office.sabine.ask(review.queue)
    await office.sabine.do(review.verdict, queue.open[0].id, "question", "Wer begleitet?")
    await office.team.exchange()
    [asked] = await office.jana.ask(review.my_questions)
    await office.jana.do(review.answer, asked.review, "Ich gehe mit.")
    await office.team.exchange()
    await office.lock()
    with office.served(office.sabine) as url:
        sabine = await staff.sit_down(url, size="phone")
        await sabine.unlock(SECRET)
        await sabine.tap(re.compile("^Jana Keller hat geantwortet"))
        await sabine.sees("Ich gehe mit.")
        answer, facts = await sabine.node("Ich gehe mit."), await sabine.node("Keine Namen in der Notiz")
        assert answer.y < facts.y
