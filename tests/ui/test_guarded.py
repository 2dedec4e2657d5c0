"""What goes wrong after a tap becomes a sentence with a code, never a crash, never what somebody typed."""

from __future__ import annotations

import inspect
import logging

import pytest

from goes_mobile.protocol.problems import NotReachable, Refused
from goes_mobile.ui import guarded as module
from goes_mobile.ui.frame import Notices
from goes_mobile.ui.guarded import code_of, guarded, guarded_event

SECRET = "Falke wohnt bei Tom"


class Around:
    """A frame without a page."""

    def __init__(self) -> None:
        self.notices = Notices()
        self.touches: list[str] = []
        self.on_touch = None

    def revive(self) -> None:
        pass

    async def answer(self, touch: str) -> None:
        self.touches.append(touch)


@pytest.fixture
def around(monkeypatch) -> Around:
    frame = Around()
    monkeypatch.setattr(module, "frame", lambda: frame)
    return frame


def _sync_fault() -> None:
    raise ValueError(SECRET)


async def _async_fault() -> None:
    raise ValueError(SECRET)


@pytest.mark.parametrize("fault", [_sync_fault, _async_fault])
async def test_a_fault_becomes_a_sentence_with_a_code(around, caplog, fault):
    with caplog.at_level(logging.DEBUG):
        await guarded(fault)()
    notice = around.notices.shown
    assert notice is not None
    assert notice.tone == "lost"
    assert "Nichts ist verloren" in notice.detail
    assert "G-" in notice.detail
    assert SECRET not in f"{notice} {caplog.text}"
    assert "ValueError" in caplog.text
    assert around.touches == ["heavy"]


async def test_a_refusal_says_what_it_is(around):
    async def refused() -> None:
        raise Refused("not_allowed")

    await guarded(refused)()
    assert around.notices.shown.text == "Dafür fehlt die Berechtigung."
    assert around.notices.shown.tone == "look"


async def test_a_refusal_without_a_text_shows_its_code(around):
    def refused() -> None:
        raise NotReachable("sun_spots")

    await guarded(refused)()
    assert "sun_spots" in around.notices.shown.detail


async def test_values_and_touch_reach_the_handler(around):
    seen: list[object] = []
    await guarded(seen.append, 7, touch="light")()
    await guarded_event(seen.append, lambda e: e + 1)(41)
    assert seen == [7, 42]
    assert around.touches == ["light"]
    assert around.notices.shown is None


def test_flet_finds_a_coroutine_function_that_takes_nothing():
    run = guarded(print)
    assert inspect.iscoroutinefunction(run)
    assert not inspect.signature(run).parameters
    assert guarded(None) is None
    assert guarded_event(None) is None


def test_the_same_fault_has_the_same_code():
    def caught(fault) -> BaseException:
        try:
            fault()
        except ValueError as error:
            return error
        raise AssertionError

    assert code_of(caught(_sync_fault)) == code_of(caught(_sync_fault))
