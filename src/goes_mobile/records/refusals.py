"""Every way in which input is refused: a stable code, harmless facts, one English sentence for scripts.

The screens say the same in the reader's language under the text key ``refused.<code>``.
"""

from __future__ import annotations

from typing import Any

from goes_mobile.protocol.problems import GoesError, InputRefused

SENTENCES: dict[str, str] = {
    "unknown_kind": "There is no such kind of record; there are: {known}.",
    "unknown_site": "The county has no such site; there are: {known}.",
    "unknown_preset": "There is no such preset; there are: {known}.",
    "preset_unreadable": "The preset cannot be read ({reason}).",
    "preset_unfit": "The preset does not fit at {field}: {reason}.",
    "unknown_field": "{kind} has no field {field}.",
    "not_settable": "{field} is kept by the program and cannot be set.",
    "required": "{field} is needed.",
    "not_text": "{field} must be text.",
    "too_long": "{field} holds at most {limit} characters, this has {length}.",
    "not_a_whole_number": "{field} must be a whole number.",
    "not_a_number": "{field} must be a number.",
    "too_small": "{field} must be at least {at_least}.",
    "too_large": "{field} must be at most {at_most}.",
    "not_yes_or_no": "{field} must be true or false.",
    "not_a_date": "{field} must be a date like 2026-03-01.",
    "not_a_moment": "{field} must be a date and time like 2026-03-01T15:30:00+01:00.",
    "no_offset": "{field} needs an offset from UTC, like 2026-03-01T15:30:00+01:00.",
    "not_a_time": "{field} must be a time like 15:30.",
    "not_plausible": "{field} must lie between the years {at_least} and {at_most}.",
    "not_a_list": "{field} must be a list.",
    "not_an_object": "{field} must be an object.",
    "bad_code": "{field} takes codes of at most {limit} characters without a slash.",
    "bad_reference": "{field} must be the id of a record.",
    "not_a_blob": "{field} is made by the program when a file is added.",
    "several_people": "A record in a young person's file is about one person; others get a participation each.",
    "ends_before_start": "{field} lies before the start.",
    "closed_without_end": "{field} is needed for a case that is closed.",
    "more_than_all": "{field} is more than all days.",
}


class FieldRefused(InputRefused):
    """Input refused because of one field. ``str()`` is an English sentence without any value."""

    def __init__(self, field: str, code: str, **facts: Any) -> None:
        super().__init__(code, field=field, **facts)
        self.field = field

    def __str__(self) -> str:
        return SENTENCES[self.code].format_map(self.facts)


class DoesNotFit(GoesError):
    """An operation that cannot become a row: it is held, and judged again by a later version of the program."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__("does_not_fit", field=field, reason=reason)
        self.field = field


class Incomplete(DoesNotFit):
    """A needed field has not arrived yet; the record shows itself when it does."""

    def __init__(self, field: str) -> None:
        super().__init__(field, "incomplete")
