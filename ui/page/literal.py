"""Text shown as it is: never HTML, never markdown, whatever a user or a table put into it."""

from __future__ import annotations

import re
from html import escape

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^&@/])")


def label(text: str) -> str:
    r"""The text as a button label, whose markdown is switched off.

    >>> label("**a** :red[b]")
    '\\\\*\\\\*a\\\\*\\\\* \\\\:red\\\\[b\\\\]'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def paragraph(text: str, kind: str) -> str:
    """The text as an HTML paragraph of one of our classes."""
    return f'<p class="{kind}">{escape(text)}</p>'


def clipped(text: str, most: int = 300) -> str:
    """The beginning of an overlong text, with its length.

    >>> clipped("问" * 400, most=4)
    '问问问问……(共400个字)'
    """
    return text if len(text) <= most else f"{text[:most]}……(共{len(text):,}个字)"
