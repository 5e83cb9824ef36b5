"""问数 on the command line: `wenshu`."""

from ui.cli.app import main

__all__ = ["main"]
