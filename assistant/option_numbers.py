"""What each way out of a doubt would come to, for choosing by the number."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Timer

from assistant.answer import Answer, Option
from assistant.explain import display_of
from semantic_layer.engines import CancelToken

RunOption = Callable[[Option, CancelToken], Answer]


def option_numbers(answer: Answer, run: RunOption, seconds: float) -> Iterator[tuple[int, str]]:
    """Option → its number, one by one; what is not ready in time is left out."""
    until = time.monotonic() + seconds
    for option in answer.options:
        left = until - time.monotonic()
        if left <= 0:
            return
        token = CancelToken()
        clock = Timer(left, token.cancel)
        clock.start()
        try:
            text = number_text(run(option, token))
        finally:
            clock.cancel()
        if text:
            yield option.id, text


def number_text(answer: Answer) -> str:
    """15.46亿元; 合计1,203户 or 20行 where there are several rows; empty without numbers."""
    column = next((c for c in answer.columns if c.kind == "metric"), None)
    if answer.outcome != "answer" or column is None or not answer.rows:
        return ""
    if len(answer.rows) == 1:
        value = answer.rows[0][answer.columns.index(column)]
        return display_of(column, [value]).text(value)
    total = (answer.totals or {}).get(column.id)
    whole = f"合计{display_of(column, [total]).text(total)}"
    return whole if total is not None else f"{len(answer.rows)}行"
