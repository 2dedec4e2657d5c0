"""Reviewing at a desk: a hasty hand approves nothing it has not read, and every notice says what it is about."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goes_mobile.services import review
from goes_mobile.ui.look import Appearance
from goes_mobile.ui.main import opener
from tests.browser.harness import Person, people, served
from tests.browser.room import SECRET, Office

pytestmark = pytest.mark.browser


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Jana noted three encounters; nobody has looked at them."""
    found = await Office.open(tmp_path)
    now = datetime.now(UTC)
    for days, place in ((3, "Plochingen"), (2, "Wernau"), (1, "Nürtingen")):
        await found.jana.note("Sucht ein Praktikum.", at=now - timedelta(days=days), place_note=place)
    await found.team.exchange()
    yield found
    await found.close()


@pytest.mark.parametrize(
    ("size", "button", "state"),
    [("wide", "Nachfragen", "question"), ("wide", "Zurückgeben", "returned"), ("phone", "", "")],
)
async def test_a_double_tap_decides_about_one_record_alone(
    office: Office, chromium: Path, size: str, button: str, state: str
):
    await office.lock()
    start = opener(office.session(office.sabine), lambda: Appearance(still=True))
    with served(start) as url:
        async with people(chromium) as sitting:
            sabine = await sitting.sit_down(url, size=size)
            await sabine.type("Passphrase", SECRET)
            await sabine.tap("Entsperren")
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


async def test_an_answer_stands_where_the_supervisor_looks_first(office: Office, chromium: Path):
    queue = await office.sabine.ask(review.queue)
    await office.sabine.do(review.verdict, queue.open[0].id, "question", "Wer begleitet?")
    await office.team.exchange()
    [asked] = await office.jana.ask(review.my_questions)
    await office.jana.do(review.answer, asked.review, "Ich gehe mit.")
    await office.team.exchange()
    await office.lock()
    start = opener(office.session(office.sabine), lambda: Appearance(still=True))
    with served(start) as url:
        async with people(chromium) as sitting:
            sabine = await sitting.sit_down(url, size="phone")
            await sabine.type("Passphrase", SECRET)
            await sabine.tap("Entsperren")
            await sabine.tap(re.compile("^Jana Keller hat geantwortet"))
            await sabine.sees("Ich gehe mit.")
            answer, facts = await sabine.node("Ich gehe mit."), await sabine.node("Keine Namen in der Notiz")
            assert answer.y < facts.y
