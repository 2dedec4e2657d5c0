"""Letters as a page needs them: the PDF writer draws glyph after glyph from the left and joins nothing.

What would shape the text is not to be had on phones (docs/adr/0022), but Arabic script needs only this: each letter in
the form its neighbours give it, which Unicode has as characters of their own, and each line in the order it is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

_LAM = "\u0644"
_JOINER, _NON_JOINER, _TATWEEL = "\u200d", "\u200c", "\u0640"
_FORMS = ((0xFB50, 0xFBFF), (0xFE80, 0xFEFC))
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
UNKNOWN = "\ufffd"
"""Stands for what the program's typeface has no sign for: an emoji, another script."""


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Of each letter, or of lam and its alef: ``isolated``, ``initial``, ``medial``, ``final``."""
    found: dict[str, dict[str, str]] = {}
    for first, last in _FORMS:
        for code in range(first, last + 1):
            how, *letters = unicodedata.decomposition(chr(code)).split() or [""]
            if how.startswith("<") and len(letters) <= 2:
                plain = "".join(chr(int(letter, 16)) for letter in letters)
                found.setdefault(plain, {}).setdefault(how.strip("<>"), chr(code))
    return found


def joined(text: str) -> str:
    """Arabic letters in the form that stands there; everything else as it is. Vowel signs, which the writer would put
    beside their letter, are left out, as Arabic mostly does."""
    text = unicodedata.normalize("NFC", text)
    letters = [c for c in text if not (unicodedata.category(c) == "Mn" and unicodedata.bidirectional(c) == "NSM")]
    out: list[str] = []
    at, before = 0, False
    while at < len(letters):
        letter = letters[at]
        pair = letter + (letters[at + 1] if letter == _LAM and at + 1 < len(letters) else "")
        letter = pair if pair in _forms() else letter
        at += len(letter)
        after = at < len(letters) and _takes(letters[at])
        out.append(_form(letter, before, after))
        before = _gives(letter)
    return "".join(c for c in out if c not in (_JOINER, _NON_JOINER))


def _takes(letter: str) -> bool:
    """Whether it joins to the letter before it."""
    return letter in (_TATWEEL, _JOINER) or "final" in _forms().get(letter, {})


def _gives(letter: str) -> bool:
    """Whether it joins to the letter after it."""
    return letter in (_TATWEEL, _JOINER) or "initial" in _forms().get(letter, {})


def _form(letter: str, before: bool, after: bool) -> str:
    forms = _forms().get(letter, {})
    before, after = before and "final" in forms, after and "initial" in forms
    if not before and not after and len(letter) == 1:
        return letter  # its usual sign is the isolated one, and not every typeface has that a second time
    return forms["medial" if before and after else "final" if before else "initial" if after else "isolated"]


def drawn(line: str, right_to_left: bool) -> str:
    """One line of joined letters, in the order its signs are drawn from the left."""
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    way = TextDirection.RTL if right_to_left else TextDirection.LTR
    signs = BidiParagraph(line, way).get_reordered_characters()
    return plain("".join(s.character.translate(_MIRRORED) if s.embedding_level % 2 else s.character for s in signs))


def plain(text: str) -> str:
    """Without what only steers the order and is not drawn."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def apart(name: str) -> str:
    """A name inside a sentence of another direction: neither turns the other round."""
    return f"\u2068{name}\u2069" if name else ""


def lines(text: str, width: float, wide: Callable[[str], float]) -> Iterator[str]:
    """Joined text in lines no wider than ``width``, in reading order; a word that is wider itself is broken."""
    line = ""
    for word in text.split():
        if line and wide(f"{line} {word}") > width:
            yield line
            line = ""
        line = f"{line} {word}".strip()
        while wide(line) > width and len(line) > 1:
            fits = next((n for n in range(len(line) - 1, 0, -1) if wide(line[:n]) <= width), 1)
            yield line[:fits]
            line = line[fits:]
    yield line


def known(text: str, has: Callable[[str], bool]) -> str:
    """The text with one mark for each run of signs the typeface lacks."""
    out = ""
    for sign in text:
        if has(sign) or sign.isspace() or unicodedata.category(sign) == "Cf":
            out += sign
        elif not plain(out[-3:]).endswith(UNKNOWN):
            out += UNKNOWN
    return out
