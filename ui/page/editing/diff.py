"""A difference of two texts as people read it."""

from __future__ import annotations

import re

_PLACE = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@.*$", re.MULTILINE)


def lines_of(diff: str) -> str:
    r"""Without the two lines that name the file; places in words.

    >>> print(lines_of("--- a\n+++ a\n@@ -94,2 +94,2 @@\n-x\n+y"))
    @@ 第94行起 @@
    -x
    +y
    """
    return _PLACE.sub(r"@@ 第\1行起 @@", "\n".join(diff.splitlines()[2:]))
