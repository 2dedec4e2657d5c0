"""The second tap of a double tap does nothing to what has come into its place meanwhile."""

from __future__ import annotations

from goes_mobile.ui.frame import Once


def test_a_second_tap_counts_only_after_a_while():
    now = [100.0]
    once = Once(lambda: now[0])
    assert not once.again()
    once.begin()
    now[0] += 60
    assert once.again(), "while the first is still being done, however long it takes"
    once.done()
    now[0] += 0.5
    assert once.again()
    now[0] += 0.6
    assert not once.again()


def test_the_next_tap_counts_at_once_after_a_refusal_or_a_way_elsewhere():
    once = Once(lambda: 100.0)
    once.begin()
    once.free()
    assert not once.again()
