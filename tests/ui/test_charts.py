"""Columns of a chart: nothing hidden can be measured, nothing shown is missing."""

from __future__ import annotations

from goes_mobile.services.report import Cell
from goes_mobile.ui.look import drawn_as
from goes_mobile.ui.screens.figures.charts import stacked

COLOURS = ("street", "office")


def test_a_month_whose_parts_are_hidden_shows_its_sum_in_one_piece():
    with drawn_as() as look:
        divided = stacked([Cell(30), Cell(21), Cell(51)], COLOURS)
        undivided = stacked([Cell(None, "small"), Cell(None, "beside"), Cell(43)], COLOURS)
        hidden = stacked([Cell(None, "beside"), Cell(0), Cell(None, "beside")], COLOURS)
        nothing = stacked([Cell(0), Cell(0), Cell(0)], COLOURS)

    assert divided == [(30, "street"), (21, "office")]
    assert undivided == [(43, look.palette.outline)]
    assert (hidden, nothing) == ([], [])
