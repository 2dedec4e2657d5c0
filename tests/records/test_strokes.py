"""A signature is kept as points and comes back the same."""

from __future__ import annotations

from goes_mobile.records import strokes
from goes_mobile.records.strokes import Point


def test_what_was_drawn_comes_back_the_same():
    drawn = [[Point(0, 120), Point(14, 118)], [Point(40, 130)]]

    text = strokes.write([*drawn, []])

    assert text == "0,120 14,118;40,130"
    assert strokes.read(text) == drawn
    assert strokes.height(drawn) == 130
    assert (strokes.write([]), strokes.read(""), strokes.height([])) == ("", [], 0)


def test_what_another_version_kept_otherwise_is_left_out():
    assert strokes.read("1,2 x,y 3;;4,5,6 7,8") == [[Point(1, 2)], [Point(7, 8)]]
