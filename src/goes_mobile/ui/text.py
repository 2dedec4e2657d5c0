"""What people read: texts by key in German and English, plurals, dates and numbers in the language of the look.

Catalogues are gettext files whose msgid is the key: `assets/texts/de.po` and `en.po`, and for the texts of one
screen or area `de.<area>.po` and `en.<area>.po` beside them. Facts stand in braces: `{n} warten`. A text with plural
forms is chosen by the fact `n`.

    t("today.title")                    -> "Heute"
    t("sync.waiting", n=3)              -> "3 warten"
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from goes_mobile.services.desk import BERLIN
from goes_mobile.ui.assets import ASSETS
from goes_mobile.ui.look import look

LANGUAGES: dict[str, str] = {"de": "Deutsch", "en": "English"}
Text = str | tuple[str, ...]


@lru_cache
def catalogue(language: str) -> Mapping[str, Text]:
    """All texts of a language: key -> text, or its plural forms."""
    texts: dict[str, Text] = {}
    for file in sorted((ASSETS / "texts").glob(f"{language}*.po")):
        if file.name.split(".")[0] != language:
            continue
        for message in read_po(BytesIO(file.read_bytes()), locale=language, abort_invalid=True):
            if not message.id:
                continue
            plural = isinstance(message.id, tuple | list)
            key = message.id[0] if plural else message.id
            if key in texts:
                raise ValueError(f"{file.name}: {key} is there twice")
            texts[str(key)] = tuple(message.string or ()) if plural else str(message.string)
    return texts


def t(key: str, /, **facts: Any) -> str:
    """The text of a key in the language of the look; facts fill its braces."""
    language = look().language
    text = catalogue(language).get(key)
    if text is None:
        text = catalogue("de").get(key, key)
    if isinstance(text, tuple):
        text = text[0 if facts.get("n") == 1 else 1]
    if isinstance(facts.get("n"), int) and facts["n"] >= 1000:
        facts["n"] = number(facts["n"])
    return text.format_map(facts) if facts else text


def has(key: str) -> bool:
    """Whether there is a text; for codes that a newer version of the app may have brought."""
    return key in catalogue(look().language)


def label(de: str, en: str) -> str:
    """One of two inline labels, as records and codes carry them."""
    return en if look().language == "en" and en else de


# -- numbers, dates, times: as the clock on the wall where the work is done, never a zone to be read -------------


def number(value: float) -> str:
    """1.870 in German, 1,870 in English."""
    return format_decimal(value, locale=look().language)


def local(moment: datetime) -> datetime:
    """The same moment where the work is done: services count days there, whatever zone a device believes to be in."""
    return moment.astimezone(BERLIN)


def today() -> date:
    """The day where the work is done."""
    return datetime.now(BERLIN).date()


def _date(moment: datetime | date) -> date:
    return local(moment).date() if isinstance(moment, datetime) else moment


def long_day(moment: datetime | date) -> str:
    """Dienstag, 24. November"""
    pattern = "EEEE, d MMMM" if look().language == "en" else "EEEE, d. MMMM"
    return format_date(_date(moment), pattern, locale=look().language)


def short_day(moment: datetime | date, now: datetime | date | None = None) -> str:
    """24. Nov., with the year if it is another one than today's."""
    english = look().language == "en"
    other_year = now is not None and _date(now).year != _date(moment).year
    pattern = ("d MMM yyyy" if other_year else "d MMM") if english else ("d. MMM yyyy" if other_year else "d. MMM")
    return format_date(_date(moment), pattern, locale=look().language)


def numeric_day(moment: datetime | date) -> str:
    """24.11.2026; what a date field shows."""
    return format_date(_date(moment), "dd/MM/yyyy" if look().language == "en" else "dd.MM.yyyy", locale="de")


def month(day: date) -> str:
    """Nov; below a column of a chart."""
    return format_date(day, "LLL", locale=look().language).rstrip(".")


def clock(moment: datetime | time) -> str:
    """14:52"""
    shown = local(moment) if isinstance(moment, datetime) else moment
    return format_time(shown, "HH:mm", locale=look().language)


def when(moment: datetime, now: datetime | None = None) -> str:
    """heute 14:52 · gestern 9:10 · 19. Nov. · 19. Nov. 2025"""
    today = _date(now or datetime.now(UTC))
    day = _date(moment)
    if day == today:
        return t("time.today_at", clock=clock(moment))
    if day == today - timedelta(days=1):
        return t("time.yesterday_at", clock=clock(moment))
    return short_day(moment, today)


def due(day: date, now: datetime | None = None) -> str:
    """heute · morgen · Fr · 1. Dez. · seit Fr · seit 3. Nov."""
    today = _date(now or datetime.now(UTC))
    days = (day - today).days
    if days == 0:
        return t("time.today")
    if days == 1:
        return t("time.tomorrow")
    name = format_date(day, "EEE", locale=look().language).rstrip(".") if abs(days) < 7 else short_day(day, today)
    return t("time.since", day=name) if days < 0 else name


def lasting(duration: timedelta) -> str:
    """How long something has gone on, in the largest fitting unit: 4 Min. · 3 Std. · 5 Tage · 7 Wochen"""
    minutes = max(int(duration.total_seconds() // 60), 0)
    if minutes < 60:
        return t("time.minutes", n=max(minutes, 1))
    if minutes < 48 * 60:
        return t("time.hours", n=minutes // 60)
    days = minutes // (24 * 60)
    return t("time.days", n=days) if days < 14 else t("time.weeks", n=days // 7)
