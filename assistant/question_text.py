"""Is this a question at all? Cleaning and the bounds of length."""

from __future__ import annotations

import re
import unicodedata

from assistant.answer import Answer

MAX_LENGTH = 500
_STATEMENT = re.compile(
    r"(select|with|insert|update|delete|drop|alter|create|attach|copy|pragma|truncate|grant|call)"
    r"\s+[\w*(\"'`]",
    re.IGNORECASE | re.ASCII,
)


def cleaned(text: str) -> str:
    r"""The text without control, invisible and broken characters, on one line.

    >>> cleaned(" 存款\x00余额\n是多少\u200b ")
    '存款余额 是多少'
    """
    spaced = "".join(" " if c in "\t\r\n\v\f\u2028\u2029" else c for c in text)
    kept = (c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())


def unreadable(text: str) -> Answer | None:
    """What to say to an empty or endless question; None when it can be read."""
    if not any(unicodedata.category(c)[0] in "LN" for c in text) and not _has_symbols(text):
        return Answer(
            code="empty_question",
            message="没有看到问题。请用一句话说想看哪个指标、什么时间,例如下面的问题",
        )
    if _is_statement(text):
        return Answer(
            code="unsafe_request",
            message="只回答问题,不执行语句,也不修改数据。请用一句中文提问,例如下面的问题",
        )
    if len(text) > MAX_LENGTH:
        return Answer(
            code="question_too_long",
            message=f"问题有{len(text):,}个字,最多{MAX_LENGTH:,}个字。请只问一件事,用一句话说清",
        )
    return None


def _is_statement(text: str) -> bool:
    """SQL instead of a question. Rights and the guard protect the data; this only explains."""
    return _STATEMENT.match(text) is not None


def _has_symbols(text: str) -> bool:
    """Emoji and the like are something; blanks and punctuation are nothing."""
    return any(unicodedata.category(c)[0] == "S" for c in text)
