"""A disk that takes nothing: what is there is read, what is saved is refused, and it goes on when there is room again.

In a process of its own: root may write everywhere, and a limit on the size of files ends with its process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices import County, Device


@pytest.fixture
def place() -> Iterator[Path]:
    """Below a directory that everybody may enter, and whose owner the process will be."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def told(home: Path, kind: str, note: str) -> dict[str, str]:
    """What the story says, line by line."""
    if os.getuid() == 0:
        for path in (home, *home.iterdir()):
            os.chown(path, 65534, 65534)
    command = [sys.executable, "-m", "tests.store.unwritable", str(home), kind, note]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(line.split(" ", 1) for line in ran.stdout.splitlines())


@pytest.mark.processes
@pytest.mark.parametrize("left_behind", [False, True], ids=["closed", "with what a power cut left"])
@pytest.mark.parametrize(("kind", "code"), [("read_only", "read_only"), ("full", "disk_error")])
def test_what_is_there_is_read_and_nothing_is_said_to_be_saved(
    county: County, anna: Device, place: Path, kind: str, code: str, left_behind: bool
) -> None:
    county.sync()
    note = anna.note("Am Bahnhof")
    if left_behind:
        anna.note("zuletzt")
    else:
        anna.close()
    home = place / "home"
    shutil.copytree(anna.home, home)
    if not left_behind:
        anna.open()
    assert (home / "journal.db-wal").exists() is left_behind
    before = ["Am Bahnhof", "zuletzt"] if left_behind else ["Am Bahnhof"]
    waiting = anna.store.counts().waiting
    said = told(home, kind, note)
    assert said == {
        "status": f"{waiting} True",
        "unlock": "ok",
        "notes": f"{before} [True] waiting",
        "save": f"{code}/9 {code}/9 {code}/9 {code}",
        "still": f"{before} False False",
        "wrong": "wrong_pin/3 60000 wait/3",
        "again": f"ok ok '' {sorted([*before, 'danach'])}",
        "kept": f"{sorted([*before, 'danach'])} 0",
    }
