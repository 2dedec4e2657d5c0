"""``make bench``: what is promised, measured; a table for people and ``build/bench.json`` for scripts."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from tests.bench.rows import Figure, table

PARTS = ("store", "memory", "sync", "screen", "revoking", "sharing", "casework", "lists")


def main(wanted: list[str]) -> None:
    figures: list[Figure] = []
    for part in wanted or PARTS:
        print(f"measuring: {part} …", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"tests.bench.{part}").measure()
    target = Path("build/bench.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([figure.dump() for figure in figures], ensure_ascii=False, indent=1) + "\n")
    print(table(figures))
    missed = [figure.name for figure in figures if figure.met is False]
    print(f"\n{len(missed)} of {len(figures)} figures missed" + (": " + "; ".join(missed) if missed else ""))


if __name__ == "__main__":
    main(sys.argv[1:])
