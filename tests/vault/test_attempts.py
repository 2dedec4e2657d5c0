"""Wrong attempts: a pause that no clock and no restart shortens, and that ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.vault.attempts import FIRST_PAUSE_MS, FREE, LONGEST_PAUSE_MS, Attempts

NOW = 1_800_000_000_000
TEN_YEARS = 10 * 365 * 24 * 3600 * 1000
CLOCKS = st.integers(0, 2**50)


def failed(times: int, now: int = NOW) -> Attempts:
    attempts = Attempts()
    for _ in range(times):
        now += attempts.wait_ms(now)
        attempts = attempts.begun(now)
    return attempts


def test_some_tries_are_free_then_each_pause_is_longer_up_to_an_hour() -> None:
    pauses = [failed(n).not_before_ms - failed(n).highest_ms for n in range(1, 14)]
    assert pauses[: FREE - 1] == [0] * (FREE - 1)
    assert pauses[FREE - 1] == FIRST_PAUSE_MS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_MS


def test_ten_thousand_wrong_tries_are_counted() -> None:
    attempts = failed(10_000)
    assert (attempts.failed, attempts.not_before_ms - attempts.highest_ms) == (10_000, LONGEST_PAUSE_MS)


def test_tries_left_before_the_next_pause() -> None:
    assert [failed(n).left() for n in range(FREE + 2)] == [5, 4, 3, 2, 1, 1, 1]


def test_the_right_one_ends_it() -> None:
    assert failed(9).succeeded(NOW + TEN_YEARS).wait_ms(NOW + TEN_YEARS) == 0
    assert failed(9).succeeded(NOW).left() == FREE


@given(st.integers(FREE, FREE + 9), st.integers(0, 2**40))
def test_turning_the_clock_back_gains_nothing(times: int, back: int) -> None:
    attempts = failed(times)
    before = attempts.wait_ms(attempts.highest_ms)
    clock = attempts.highest_ms - back
    assert attempts.wait_ms(clock) == before
    assert attempts.settled(clock).wait_ms(clock) == before


@given(st.integers(FREE, FREE + 9), st.lists(CLOCKS, max_size=20))
def test_the_wait_is_never_more_than_the_pause_and_passes_with_time(times: int, clocks: list[int]) -> None:
    """However wild the clock was meanwhile: from any moment on, one pause of patience is enough."""
    attempts = failed(times)
    pause = attempts.not_before_ms - attempts.highest_ms
    for clock in clocks:
        attempts = attempts.settled(clock)
        assert attempts.wait_ms(clock) <= pause
    now = clocks[-1] if clocks else NOW
    assert attempts.settled(now).wait_ms(now + pause) == 0


def test_who_failed_while_the_clock_was_ten_years_ahead_is_not_locked_out_for_ten_years() -> None:
    attempts = failed(FREE, NOW + TEN_YEARS)
    attempts = attempts.settled(NOW)
    assert attempts.wait_ms(NOW) == FIRST_PAUSE_MS
    assert attempts.wait_ms(NOW + FIRST_PAUSE_MS) == 0
