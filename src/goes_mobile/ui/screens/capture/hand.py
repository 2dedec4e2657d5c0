"""What the parts of the form are given: the encounter, without being redrawn for everything that happens to it.

A component is redrawn when an observable among its arguments changes. So each part gets the encounter in a plain tuple,
and beside it the one mark that is touched when this part has changed: a tap on a topic redraws the topics.
"""

from __future__ import annotations

from typing import NamedTuple

from goes_mobile.state.capture import Capture


class Hand(NamedTuple):
    view: Capture
