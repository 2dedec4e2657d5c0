"""What commands say: stdout is for the answer, stderr for everything else.

The answer is JSON with ``--json`` and whenever stdout is no terminal; on a terminal it is text for people.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any


class Output:
    """One command's streams."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json or not sys.stdout.isatty()

    def document(self, document: Any, words: str = "") -> None:
        """The one answer of a command; ``words`` is the same for people."""
        if self.as_json or not words:
            _print(json.dumps(document, ensure_ascii=False))
        else:
            _print(words)

    def line(self, document: Mapping[str, Any], words: str = "") -> None:
        """One of many answers; seen by a waiting reader at once."""
        self.document(document, words)

    def lines(self, documents: Iterable[Mapping[str, Any]]) -> None:
        for document in documents:
            self.line(document)


def note(text: str) -> None:
    """Something for whoever watches."""
    print(text, file=sys.stderr, flush=True)


def progress(text: str) -> None:
    """Replaces the line before; only where somebody can watch."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def progress_done() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _print(text: str) -> None:
    try:
        sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has enough; whatever was to be written is written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
