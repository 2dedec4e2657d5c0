"""Tell a seed's story again, or try many.

python -m tests.simulation --seed 4711
python -m tests.simulation --seeds 2000 --from 100000
python -m tests.simulation --mutant cursor_gap --seeds 300
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulation.mutants import MUTANTS, NONE
from tests.simulation.real import REAL
from tests.simulation.run import simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.simulation", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, help="this one, with its story")
    parser.add_argument("--seeds", type=int, default=100, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of them")
    parser.add_argument("--mutant", choices=sorted(MUTANTS), help="with a planted bug")
    parser.add_argument("--real", action="store_true", help="with the real store")
    told = parser.parse_args()
    mutant = MUTANTS[told.mutant] if told.mutant else REAL if told.real else NONE
    if told.seed is not None:
        story = simulate(told.seed, mutant)
        print("\n".join([*story.lines, f"{story.saves} saves, {story.fingerprint}", *story.wrongs]))
        return bool(story.wrongs)
    begun = time.perf_counter()
    found = 0
    for seed in range(told.first, told.first + told.seeds):
        story = simulate(seed, mutant)
        if story.wrongs:
            found += 1
            print(f"seed {seed}: {'; '.join(story.wrongs)}")
    took = time.perf_counter() - begun
    print(f"{told.seeds} seeds, {found} broken, {told.seeds / took:.0f} seeds/s")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
