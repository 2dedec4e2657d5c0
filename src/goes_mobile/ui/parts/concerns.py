"""Protection concerns in a list."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from goes_mobile.services.concerns import ConcernLine
from goes_mobile.ui.codes import capital, say
from goes_mobile.ui.components import Chevron, Disc, Group, Row, kind_icon
from goes_mobile.ui.frame import go
from goes_mobile.ui.parts.words import joined, who
from goes_mobile.ui.text import t, when


def ConcernRows(lines: Sequence[ConcernLine]) -> ft.Control:
    """Who it is about, how urgent it is, who saw it; what was seen is read on its page alone."""
    return Group([_row(line) for line in lines])


def _row(line: ConcernLine) -> ft.Control:
    stands = t("concerns.decided") if line.decided else capital(say("urgency", line.urgency))
    return Row(
        who(line.person) or t("concerns.nobody"),
        joined(stands, when(line.at), who(line.author)),
        leading=Disc(kind_icon("protection_concern"), "plain" if line.decided else "lost"),
        trailing=Chevron(),
        on_press=lambda: go(f"/entry/protection_concern/{line.id}"),
        key=line.id,
    )
