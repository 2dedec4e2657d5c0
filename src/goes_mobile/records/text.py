"""Text as it is kept: one spelling of the same characters, nothing that cannot be shown, nothing lost."""

from __future__ import annotations

import re
import unicodedata

SHORT = 500
"""Characters in a single-line field, unless it says otherwise."""
LONG = 200_000
"""Characters in a note: some 80 printed pages."""

# Control characters (NUL would end the text in some stores) and halves of surrogate pairs (no UTF-8 for them).
# Direction marks and joiners stay: right-to-left names and emoji need them.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile("\r\n?")
_GAPS = re.compile("[\t\n ]+")


def clean(text: str, *, multiline: bool) -> str:
    """NFC, without control characters; line breaks and tabs stay in notes and become a space elsewhere."""
    printable = text.isprintable()  # nearly always; then there is nothing to look for
    if not printable:
        text = _UNFIT.sub("", _BREAKS.sub("\n", text))
    if not multiline:
        text = (text if printable and "  " not in text else _GAPS.sub(" ", text)).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)
