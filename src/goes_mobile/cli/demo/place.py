"""Where the demo lives, and what is known about it."""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goes_mobile.store.disk import disk_errors

ABOUT = "demo.json"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command was told."""

    fresh: bool
    directory: Path | None
    county: str
    people: int
    encounters: int
    seed: int
    server_port: int
    web_port: int
    browser: bool


@dataclass
class Place:
    """The demo's directory."""

    home: Path
    about: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def server(self) -> Path:
        return self.home / "server"

    @property
    def devices(self) -> Path:
        return self.home / "devices"

    def load(self) -> bool:
        """Whether a finished county is here."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            self.about = json.loads((self.home / ABOUT).read_text(encoding="utf-8"))
            homes = [self.devices / device["folder"] for device in self.about["devices"]]
            return bool(self.about["complete"]) and all(home.is_dir() for home in homes)
        return False

    def keep(self) -> None:
        with disk_errors():
            (self.home / ABOUT).write_text(json.dumps(self.about, ensure_ascii=False, indent=1), encoding="utf-8")

    def empty(self) -> None:
        """Only what a demo made is thrown away."""
        with disk_errors():
            for part in (self.server, self.devices, self.home / "logs"):
                shutil.rmtree(part, ignore_errors=True)
            (self.home / ABOUT).unlink(missing_ok=True)
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.about = {}
