"""``python -m goes_mobile`` is ``goes-mobile``."""

from goes_mobile.cli import main

main()
