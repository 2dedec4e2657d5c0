"""What a young person is asked, in their language: put together from what the consent says.

The texts are in ``assets/consents``, a file for each language with all its versions: a consent names the version that
was on the screen, and is read in it as long as it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, TypedDict

from babel.dates import format_date

from goes_mobile.records import assets, codes
from goes_mobile.services.letters import apart

LANGUAGES = ("de", "en", "uk", "ar", "tr", "fr", "fa")
OUR_OWN = ("support", "evaluation")
"""Purposes for which nothing leaves the team, so that nobody need be named."""
_CLOSED_TO_ALL = ("family", "health", "residence")
"""What people fear most for: said to be left out, even where much else is."""
_LEFT_OUT = 3


class Recipient(TypedDict, total=False):
    """Somebody who gets it: a person, not an institution at large. ``partner``: where they work, if it is known."""

    name: str
    office: str
    partner: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed to. ``site``: whose team asks."""

    purpose: str
    categories: Sequence[str]
    recipients: Sequence[Recipient] = field(repr=False)
    valid_until: date | None
    site: str
    guardian: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The question as it is shown and printed. ``said``: the fixed words, by key."""

    language: str
    version: str
    right_to_left: bool
    title: str
    receivers: list[str] = field(repr=False)
    categories: list[str]
    left_out: str
    purpose: str
    until: str
    guardian: str = field(repr=False)
    said: Mapping[str, str]

    def day(self, key: str, day: date) -> str:
        """A sentence with a day in it."""
        return self.said[key].format(day=_day(day, self.language))


@cache
def _file(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(assets.read(f"consents/{language}.json"))
    return found


def name_of(language: str) -> str:
    """A language as its speakers call it."""
    return str(_file(language)["name"])


def right_to_left(language: str) -> bool:
    return bool(_file(language)["right_to_left"])


def newest(language: str) -> str:
    """The version that is asked with now."""
    return str(max(_file(language)["versions"], key=int))


def compose(terms: Terms, language: str, version: str = "") -> ConsentText:
    """The question in a language; in the version that was signed, if this program still has it."""
    told = _file(language)
    kept = version if version in told["versions"] else newest(language)
    words = told["versions"][kept]
    if terms.recipients:
        receivers = [*(_receiver(each, words["between"]) for each in terms.recipients), words["nobody_else"]]
    else:
        receivers = [words["only_us"].format(site=apart(terms.site)), words["nobody_else"]]
    return ConsentText(
        language, kept, right_to_left(language), words["title_note" if terms.purpose in OUR_OWN else "title_pass"],
        receivers,
        [words["categories"].get(code, _coded("data_category", code, language)) for code in terms.categories],
        _left_out(terms.categories, words),
        words["purposes"].get(terms.purpose, _coded("purpose", terms.purpose, language)),
        words["until"].format(day=_day(terms.valid_until, language)) if terms.valid_until else words["no_end"],
        words["guardian"].format(name=apart(terms.guardian)) if terms.guardian else "",
        MappingProxyType({key: word for key, word in words.items() if isinstance(word, str)}),
    )  # fmt: skip


def _receiver(recipient: Recipient, between: str) -> str:
    said = (apart(part.strip()) for part in (recipient.get("name", ""), recipient.get("office", "")))
    return between.join(filter(None, said))


def _left_out(categories: Sequence[str], words: Mapping[str, Any]) -> str:
    """A few of what is not passed on; nothing if all is."""
    others = [code for code in (*_CLOSED_TO_ALL, *words["left_out"]) if code not in categories]
    said = [words["left_out"][code] for code in dict.fromkeys(others)][:_LEFT_OUT]
    return str(words["not_included"].format(categories=words["between"].join(said))) if said else ""


def _coded(name: str, code: str, language: str) -> str:
    """A code that only this county has: it has no other languages than ours."""
    return codes.say(name, code, "de" if language == "de" else "en")


def _day(day: date, language: str) -> str:
    return format_date(day, "d. MMMM y" if language == "de" else "d MMMM y", locale=language)
