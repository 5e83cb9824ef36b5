"""The demonstration bank: virtual data with planted truths, the same rows for the same seed."""

from demo.build import AS_OF, BuildReport, build
from demo.errors import BuildError, ImpossibleWishError
from demo.plan import Size

__all__ = ["AS_OF", "BuildError", "BuildReport", "ImpossibleWishError", "Size", "build"]
