"""`goes-mobile demo`: a whole county on one machine. Server, devices and switch; Ctrl-C ends everything."""

from goes_mobile.cli.demo.place import Wish
from goes_mobile.cli.demo.running import run

__all__ = ["Wish", "run"]
