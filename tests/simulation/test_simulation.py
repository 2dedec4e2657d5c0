"""Hundreds of unlucky weeks: whatever happens to devices, network and server, the laws hold.

``GOES_SEEDS=5000 pytest tests/simulation`` tries more. A failure names its seed, and
``python -m tests.simulation --seed N`` (``--real`` with the real store) tells its story again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import count

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.real import REAL
from tests.simulation.run import must_hold, simulate

SEEDS = int(os.environ.get("GOES_SEEDS", "300"))
PART = 25
REAL_PART = 5
ENOUGH = 200


@pytest.mark.parametrize("first", range(0, SEEDS, PART))
def test_the_laws_hold_whatever_happens(first: int) -> None:
    saves = sum(must_hold(seed).saves for seed in range(first, min(first + PART, SEEDS)))
    assert saves > 0


@pytest.mark.parametrize("first", range(0, max(SEEDS // 15, 1), REAL_PART))
def test_the_laws_hold_with_the_real_store(first: int) -> None:
    for seed in range(first, first + REAL_PART):
        must_hold(seed, REAL)


@pytest.mark.parametrize("bug", sorted(MUTANTS))
def test_a_planted_bug_is_found(bug: str) -> None:
    for seed in count():
        assert seed < ENOUGH, f"{bug} was not found in {ENOUGH} seeds"
        if simulate(seed, MUTANTS[bug]).wrongs:
            return


def test_a_seed_tells_the_same_story_in_every_process() -> None:
    stories = [
        subprocess.run(
            [sys.executable, "-m", "tests.simulation", "--seed", "11"], capture_output=True, text=True, timeout=60,
            env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]  # fmt: skip
    assert stories[0] == stories[1]
    assert "saves" in stories[0]
