"""Ages and age bands. The offer is for 14 to 27; others come too, with a hint and counted apart."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

FROM, TO = 14, 27
UNKNOWN = "unknown"
_BANDS = ((0, "under_14"), (14, "age_14_17"), (18, "age_18_20"), (21, "age_21_24"), (25, "age_25_27"), (28, "over_27"))


def age_on(day: date, birth_year: int | None = None, birth_date: date | None = None) -> int | None:
    """Full years on that day. With the year alone the birthday is taken as 1 July, the middle of the error."""
    if birth_date is None:
        if birth_year is None:
            return None
        birth_date = date(birth_year, 7, 1)
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def band(age: int | None) -> str:
    """The code of list ``age_band``."""
    if age is None or age < 0:
        return UNKNOWN
    for (_, name), (above, _) in pairwise(_BANDS):
        if age < above:
            return name
    return _BANDS[-1][1]


def age_band(day: date, birth_year: int | None = None, birth_date: date | None = None) -> str:
    """The age band on that day."""
    return band(age_on(day, birth_year, birth_date))


def outside(age: int | None, first: int = FROM, last: int = TO) -> bool:
    """Whether the hint „außerhalb 14–27“ belongs beside this age."""
    return age is not None and not first <= age <= last


def band_outside(code: str) -> bool:
    """The same for a band that was tapped in a count."""
    return code in ("under_14", "over_27")
