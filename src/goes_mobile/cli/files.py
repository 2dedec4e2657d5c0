"""Files that commands write."""

from __future__ import annotations

import os
from pathlib import Path

import typer


def write_file(target: Path, content: bytes, told_by: str) -> None:
    """Whole or not at all; readable for the person alone. ``told_by`` is the argument that named it."""
    beside = target.with_name(target.name + ".new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except FileNotFoundError:
        raise typer.BadParameter("there is no such directory", param_hint=told_by) from None
    except OSError:
        beside.unlink(missing_ok=True)
        raise
