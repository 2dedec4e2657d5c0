"""The entry that `flet build` wants; the program lives in src/goes_mobile."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

from goes_mobile.cli import main

if __name__ == "__main__":
    main(["app"])
