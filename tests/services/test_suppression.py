"""Small numbers are hidden, and nobody computes them back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goes_mobile.services.suppression import Sum, hide
from tests.services.attack import possible

THRESHOLD = 5


def table(rows: list[list[int]]) -> tuple[dict[object, int], list[Sum]]:
    """A table with its row, column and grand totals."""
    width, height = len(rows[0]), len(rows)
    values: dict[object, int] = {(r, c): rows[r][c] for r in range(height) for c in range(width)}
    sums = []
    for r in range(height):
        values[r, "total"] = sum(rows[r])
        sums.append(Sum((r, "total"), tuple((r, c) for c in range(width))))
    for c in range(width):
        values["total", c] = sum(row[c] for row in rows)
        sums.append(Sum(("total", c), tuple((r, c) for r in range(height))))
    values["all"] = sum(map(sum, rows))
    sums.append(Sum("all", tuple((r, "total") for r in range(height))))
    sums.append(Sum("all", tuple(("total", c) for c in range(width))))
    return values, sums


def test_what_is_large_is_shown() -> None:
    values, sums = table([[9, 12], [30, 7]])
    assert set(hide(values, sums, THRESHOLD).values()) == {""}


def test_nothing_is_nobody() -> None:
    values, sums = table([[0, 12], [30, 0]])
    assert set(hide(values, sums, THRESHOLD).values()) == {""}


def test_one_small_number_takes_a_neighbour_with_it() -> None:
    values = {"total": 40, "a": 3, "b": 17, "c": 20}
    assert hide(values, [Sum("total", ("a", "b", "c"))], THRESHOLD) == {
        "total": "",
        "a": "small",
        "b": "beside",
        "c": "",
    }


def test_two_small_numbers_that_only_one_pair_makes() -> None:
    values = {"total": 32, "a": 1, "b": 1, "c": 30}
    hidden = hide(values, [Sum("total", ("a", "b", "c"))], THRESHOLD)
    assert hidden["c"] == "beside"


def test_a_headline_figure_gives_nothing_away() -> None:
    """A KPI equals a row's total: if it were shown, the hidden cell of that row could be computed."""
    values = {"kpi": 12, "a": 3, "b": 9, "all": 60, "rest": 48}
    sums = [Sum("kpi", ("a", "b")), Sum("all", ("kpi", "rest"))]
    hidden = hide(values, sums, THRESHOLD)
    assert len(possible("a", values, sums, hidden, THRESHOLD, 200)) > 1


@settings(max_examples=200)
@given(st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=2, max_size=4)
))  # fmt: skip
def test_no_small_number_can_be_computed_back(rows: list[list[int]]) -> None:
    values, sums = table(rows)
    state = hide(values, sums, THRESHOLD)
    for key, hidden in state.items():
        if hidden == "small":
            assert len(possible(key, values, sums, state, THRESHOLD, values["all"] + 20)) > 1, (rows, key)


@pytest.mark.parametrize("threshold", [3, 10])
def test_other_thresholds(threshold: int) -> None:
    values, sums = table([[2, 12, 9], [30, 7, 40], [11, 3, 15]])
    state = hide(values, sums, threshold)
    assert all(state[key] == "small" for key, value in values.items() if 0 < value < threshold)
    for key, hidden in state.items():
        if hidden == "small":
            assert len(possible(key, values, sums, state, threshold, 300)) > 1
