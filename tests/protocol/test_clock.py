"""The hybrid clock: always forward, never led astray by others, corrected by what the server saw."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from goes_mobile.protocol.clock import TOLERANCE_MS, HybridClock, effective, join, millis
from tests.protocol.making import NOW

MS = st.integers(0, 2**48 - 1)
TEN_YEARS = 10 * 365 * 24 * 3600 * 1000


@given(st.lists(MS, min_size=1, max_size=50))
def test_every_value_is_greater_than_all_before(times: list[int]) -> None:
    clock = HybridClock()
    given_out = [clock.tick(now) for now in times]
    assert given_out == sorted(set(given_out))
    assert millis(given_out[-1]) >= max(times)


@given(MS, st.integers(1, 70_000))
def test_a_full_counter_borrows_a_millisecond(now: int, times: int) -> None:
    clock = HybridClock(join(now, 0xFFFF))
    assert clock.tick(now) == join(now + 1)
    clock = HybridClock(join(now, 0xFFFF - 1))
    assert [clock.tick(now), clock.tick(now)] == [join(now, 0xFFFF), join(now + 1)]


@given(MS, st.integers(0, 0xFFFF))
def test_milliseconds_come_back(now: int, counter: int) -> None:
    assert millis(join(now, counter)) == now
    assert join(-5) == 0


def test_a_clock_that_was_turned_back_goes_on_from_where_it_was() -> None:
    clock = HybridClock()
    ahead = clock.tick(NOW + TEN_YEARS)
    assert clock.tick(NOW) == ahead + 1


def test_others_are_followed_but_not_into_an_unbelievable_future() -> None:
    clock = HybridClock(join(NOW))
    clock.observe(join(NOW + TOLERANCE_MS), NOW)
    assert clock.last == join(NOW + TOLERANCE_MS)
    clock.observe(join(NOW + TOLERANCE_MS + 1), NOW)
    clock.observe(join(NOW - 1), NOW)
    assert clock.last == join(NOW + TOLERANCE_MS)


def test_after_learning_the_true_time_it_goes_on_from_there() -> None:
    clock = HybridClock()
    clock.tick(NOW + TEN_YEARS)
    clock.restart(NOW)
    assert millis(clock.tick(NOW + 1)) == NOW + 1


@given(MS, st.none() | MS)
def test_effective_is_never_more_than_five_minutes_beyond_the_receipt(hlc_ms: int, received: int | None) -> None:
    hlc = join(hlc_ms, 7)
    seen = effective(hlc, received)
    if received is None or hlc_ms <= received + TOLERANCE_MS:
        assert seen == hlc
    else:
        assert seen == join(received)
