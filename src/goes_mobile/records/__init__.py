"""Records: one file per noun, and all that derives from it without I/O.

A record class says everything about itself once (``base``); ``registry`` finds it; ``values`` turns what people enter
into an operation's paths and ``reading`` turns paths into a row; ``tables`` puts rows into the projection; ``codes``
and ``presets`` are the county's configuration; ``display`` says it all in words; ``documentation`` writes it down.
"""

from goes_mobile.records.reading import assemble, row_of
from goes_mobile.records.refusals import DoesNotFit, FieldRefused, Incomplete
from goes_mobile.records.registry import can_conflict, field, kind, kinds, known, stream
from goes_mobile.records.values import Plus, diff, flatten

__all__ = [
    "DoesNotFit",
    "FieldRefused",
    "Incomplete",
    "Plus",
    "assemble",
    "can_conflict",
    "diff",
    "field",
    "flatten",
    "kind",
    "kinds",
    "known",
    "row_of",
    "stream",
]
