"""A system Chromium for the browser tests: found, or installed where that is allowed.

`python -m tests.chromium` prepares the machine before a test run. Without a Chromium the browser tests are left out and
the run says so; on a build server (`CI=true`) that is a failure, because nobody reads what it says there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# Without these a browser in a closed network keeps looking up its maker's hosts.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

MISSING = "No Chromium found. Install one (Debian: apt-get install chromium) or name it with CHROMIUM=/path/to/it."


def find() -> Path | None:
    """The browser named by `CHROMIUM`, else the first one known on the path."""
    named = os.environ.get("CHROMIUM")
    for name in [named] if named else NAMES:
        if found := shutil.which(name):
            return Path(found)
    return None


def arguments() -> list[str]:
    """Command line for a headless start; as root Chromium refuses its own sandbox."""
    return [*QUIET, *(["--no-sandbox"] if _is_root() else [])]


def on_build_server() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def install() -> None:
    """Debian's package, if this is a Debian and we are root; otherwise nothing."""
    if not (_is_root() and shutil.which("apt-get")):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("update -qq", "install -y -qq --no-install-recommends chromium"):
        # Whether it worked is told by looking for the browser, not by apt.
        subprocess.run(["apt-get", *command.split()], check=False, stdout=sys.stderr, env=environment)


def prepare(
    find: Callable[[], Path | None] = find, install: Callable[[], None] = install, strict: bool | None = None
) -> int:
    """Exit code: 0 when the run may go on, 1 when a build server has no browser."""
    if find() is None:
        print("Installing Chromium for the browser tests", file=sys.stderr)
        install()
    if find() is not None:
        return 0
    print(MISSING, file=sys.stderr)
    return 1 if (on_build_server() if strict is None else strict) else 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


if __name__ == "__main__":
    sys.exit(prepare())
