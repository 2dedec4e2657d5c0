"""How good a PIN or passphrase is, in steps."""

from __future__ import annotations

import pytest

from goes_mobile.state.secret import strength


@pytest.mark.parametrize(
    ("text", "device_bound", "grade", "code"),
    [
        ("", False, "none", "required"),
        ("kurz", False, "too_short", "passphrase_too_short"),
        ("123456", False, "too_short", "pin_needs_device"),
        ("12345", True, "too_short", "pin_too_short"),
        ("135790", True, "good", ""),
        ("111111", True, "enough", ""),
        ("aaaaaaaaaaaaaaaaaaaa", False, "enough", ""),
        ("Sommerwiese", False, "enough", ""),
        ("Sommerwiese blau 7", False, "good", ""),
        ("drei gute worte zusammen", False, "very_good", ""),
        ("длинная фраза про лес", False, "very_good", ""),
    ],
)
def test_length_decides_and_repetition_takes_away(text: str, device_bound: bool, grade: str, code: str):
    judged = strength(text, device_bound)
    assert (judged.grade, judged.code) == (grade, code)
    assert judged.accepted == (not code)


def test_it_says_how_much_is_missing():
    assert strength("kurz").missing == 6
    assert strength("1234", device_bound=True).missing == 2
