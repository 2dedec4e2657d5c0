"""A process that writes until it is killed. It forks for each round, so that a round costs no start of Python.

Reads a profile's directory a line; a child opens it, writes encounters and tells each after ``write`` has returned.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from goes_mobile.store.store import Store
from tests.bench.profiles import SECRET, clock, encounter


def tell(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())  # one call: whole lines, or none


def write_until_killed(home: Path, seed: int) -> None:
    dice = random.Random(seed)
    store = Store.open(home, clock)
    store.unlock(SECRET)
    tell("open", os.getpid())
    while True:
        saved = store.write([encounter(dice, dice.randrange(10_000)) for _ in range(dice.choice([1, 1, 1, 5, 40]))])
        tell("saved", *(item.id for item in saved))
        if dice.random() < 0.1:
            store.save_snapshot(least=1)


def main() -> None:
    for number, line in enumerate(sys.stdin):
        child = os.fork()
        if child == 0:
            write_until_killed(Path(line.strip()), number)
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
