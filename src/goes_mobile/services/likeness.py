"""How alike two people's data are: spelling, sound (Kölner Phonetik), year of birth, phone; in three scripts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from rapidfuzz import fuzz

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d"})
_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "w", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "je", "ё": "jo", "ж": "sch", "з": "s",
    "и": "i", "і": "i", "ї": "ji", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "ъ": "",
    "ы": "y", "ь": "", "э": "e", "ю": "ju", "я": "ja",
})  # fmt: skip
_ARABIC = str.maketrans({
    "ا": "a", "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "ch", "د": "d", "ذ": "d", "ر": "r", "ز": "s",
    "س": "s", "ش": "sch", "ص": "s", "ض": "d", "ط": "t", "ظ": "s", "ع": "a", "غ": "g", "ف": "f", "ق": "k", "ك": "k",
    "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "u", "ي": "i", "ى": "a", "ة": "a", "ء": "", "ـ": "", "پ": "p",
    "چ": "tsch", "ژ": "sch", "ک": "k", "گ": "g", "ی": "i",
})  # fmt: skip
"""Persian letters with them."""
_UNWRITTEN = re.compile("(?<=[بتثجحخدذرزسشصضطظغفقكلمنهپچژکگ])(?=[بتثجحخدذرزسشصضطظغفقكلمنهپچژکگ])")
"""Where a short vowel is spoken that nobody writes."""
ALIKE = 78
"""From here on somebody is asked whether it is the same person."""
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
    """Lower case Latin without accents, umlauts written out: how people type names in a hurry."""
    lowered = unicodedata.normalize("NFC", text.casefold()).translate(_FOLD)
    if lowered.isascii():
        return lowered.strip()
    lowered = re.sub(r"\bو", "w", lowered.translate(_CYRILLIC))
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return _UNWRITTEN.sub("a", bare).translate(_ARABIC).strip()


def spelled(name: str) -> str:
    """A name to compare with others: its words in one order."""
    return " ".join(sorted(re.split(r"\W+", fold(name)))).strip()


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
    """A phone number without what people put between; +49, 0049, 49, +49 (0) and a missing 0 are 0."""
    bare = "".join("+" if c == "+" else str(unicodedata.digit(c)) for c in phone if c == "+" or c.isdecimal())
    bare = re.sub(r"^00", "+", bare)
    return re.sub(r"^(\+490?|490?(?=1[5-7]\d{8})|(?=1[5-7]\d{7}))", "0", bare)


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
        names = max(names, ALIKE)
    if a.birth_year and b.birth_year:
        if a.birth_year == b.birth_year and why:
            why.append("birth_year")
            names = min(100, names + 8)
        elif abs(a.birth_year - b.birth_year) > 1:
            names -= 20
    return max(int(names), 0), why


def name_likeness(a: str, b: str) -> int:
    """How alike two names are written, in any order of their words."""
    return int(fuzz.ratio(spelled(a), spelled(b)))


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
    short, long = sorted((len(fold(a)), len(fold(b))))
    return len(heard) >= 2 and heard == sound(b) and short >= 3 and long - short <= 2  # Mandy is not Mohammed
