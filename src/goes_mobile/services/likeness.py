"""How alike two people's data are: spelling, sound (Kölner Phonetik), year of birth, phone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from rapidfuzz import fuzz

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d"})
_CODES = {
    **dict.fromkeys("aeijouy", "0"), "b": "1", **dict.fromkeys("fvw", "3"), **dict.fromkeys("gkq", "4"),
    "l": "5", **dict.fromkeys("mn", "6"), "r": "7", **dict.fromkeys("sz", "8"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traits:
    """What may be compared of somebody."""

    names: tuple[str, ...] = field(default=(), repr=False)
    birth_year: int | None = None
    phone: str = field(default="", repr=False)


def fold(text: str) -> str:
    """Lower case without accents, umlauts written out: how people type names in a hurry."""
    lowered = text.casefold().translate(_FOLD)
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c)).strip()


def sound(text: str) -> str:
    """Kölner Phonetik (Postel 1969): names that sound alike in German have the same digits."""
    letters = re.sub("[^a-z]", "", fold(text))
    digits: list[str] = []
    for index, letter in enumerate(letters):
        before = letters[index - 1] if index else ""
        after = letters[index + 1] if index + 1 < len(letters) else ""
        code = _code(letter, before, after)
        if code and (not digits or digits[-1] != code[-1]):
            digits.extend(code)
    return "".join(digits[:1] + [digit for digit in digits[1:] if digit != "0"])


def _code(letter: str, before: str, after: str) -> str:
    if letter == "p":
        return "3" if after == "h" else "1"
    if letter in "dt":
        return "8" if after and after in "csz" else "2"
    if letter == "x":
        return "8" if before and before in "ckq" else "48"
    if letter == "c":
        return _code_c(before, after)
    return _CODES.get(letter, "")


def _code_c(before: str, after: str) -> str:
    if not before:
        return "4" if after and after in "ahkloqrux" else "8"
    if before in "sz":
        return "8"
    return "4" if after and after in "ahkoqux" else "8"


def digits(phone: str) -> str:
    """A phone number without what people put between; +49 and 0049 are 0."""
    bare = re.sub(r"[^\d+]", "", phone)
    return re.sub(r"^(\+49|0049)", "0", bare)


def likeness(a: Traits, b: Traits) -> tuple[int, list[str]]:
    """0 to 100, and why: ``phone``, ``name``, ``sound``, ``birth_year``."""
    why: list[str] = []
    if len(digits(a.phone)) >= 6 and digits(a.phone) == digits(b.phone):
        return 100, ["phone"]
    names = max((name_likeness(x, y) for x in a.names for y in b.names if x and y), default=0)
    heard = any(_sounds_alike(x, y) for x in a.names for y in b.names if x and y)
    if names >= 80:
        why.append("name")
    elif heard:
        why.append("sound")
        names = max(names, 78)
    if a.birth_year and b.birth_year:
        if a.birth_year == b.birth_year and why:
            why.append("birth_year")
            names = min(100, names + 8)
        elif abs(a.birth_year - b.birth_year) > 1:
            names -= 20
    return max(int(names), 0), why


def name_likeness(a: str, b: str) -> int:
    """How alike two names are written, in any order of their words."""
    return int(fuzz.token_sort_ratio(fold(a), fold(b)))


def match(typed: str, name: str) -> int:
    """How well a name answers what is being typed: beginnings count most, then sound, then typing errors."""
    wanted, given = fold(typed), fold(name)
    if not wanted or not given:
        return 0
    if given.startswith(wanted):
        return 100
    if any(word.startswith(wanted) for word in re.split(r"[\s\-.]+", given)):
        return 95
    if wanted in given:
        return 85
    if _sounds_alike(typed, name):
        return 82
    return int(fuzz.WRatio(wanted, given)) if len(wanted) >= 3 and abs(len(wanted) - len(given)) < 6 else 0


def _sounds_alike(a: str, b: str) -> bool:
    heard = sound(a)
    return len(heard) >= 2 and heard == sound(b) and fold(a)[:1] != "" and len(fold(a)) >= 3
