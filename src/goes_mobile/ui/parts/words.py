"""Small phrases about records, said the same everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from goes_mobile.services.desk import Named
from goes_mobile.ui.text import lasting, local, numeric_day, short_day, t
from goes_mobile.ui.text import today as local_day

LONG = timedelta(weeks=5)
"""Beyond it is said how long ago it was, because the day alone no longer tells."""


def today() -> date:
    """The local day."""
    return local_day()


def who(person: Named | None) -> str:
    return person.name if person else ""


def device_words(called: str, device: str) -> str:
    """What the team calls it, or the beginning of its id."""
    return called or t("devices.device", short=device[:8])


def joined(*parts: str) -> str:
    """What is known, one after the other and each once: 17 · Plochingen · gestern"""
    return " · ".join(dict.fromkeys(part for part in parts if part))


def age(years: int | None, exact: bool) -> str:
    """17, or "etwa 17" if only the year of birth is known."""
    if years is None:
        return ""
    return str(years) if exact else t("words.about", n=years)


def age_years(years: int | None, exact: bool) -> str:
    """17 Jahre · etwa 17 Jahre"""
    if years is None:
        return ""
    return t("words.age_years", age=age(years, exact))


def last_seen(moment: datetime | None, now: datetime | None = None) -> str:
    """heute · gestern · 5. Nov. · vor 7 Wochen; never broken between two lines."""
    return _last_seen(moment, now).replace(" ", "\u00a0")


def _last_seen(moment: datetime | None, now: datetime | None) -> str:
    if moment is None:
        return ""
    here = local(now or datetime.now(UTC))
    days = (here.date() - local(moment).date()).days
    if days <= 0:
        return t("time.today")
    if days == 1:
        return t("words.yesterday")
    if here - moment > LONG:
        return t("words.ago", time=lasting(here - moment))
    return short_day(moment, here)


def long_time(duration: timedelta) -> str:
    """How long, in a heading: 7 Minuten · 3 Stunden · 5 Tagen · 2 Jahren"""
    minutes = max(int(abs(duration).total_seconds() // 60), 1)
    for unit, size in (("years", 525_600), ("weeks", 10_080), ("days", 1_440), ("hours", 60)):
        if minutes >= 2 * size or (unit == "hours" and minutes >= size):
            return t(f"words.{unit}", n=minutes // size)
    return t("words.minutes", n=minutes)


def until(day: date | None) -> str:
    """bis 12.03.2027; nothing for a consent without an end."""
    return "" if day is None or day == date.max else t("words.until", day=numeric_day(day))


def beginning(text: str, most: int = 240) -> str:
    """The beginning of a long note where a tap shows all of it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0] + " …"
