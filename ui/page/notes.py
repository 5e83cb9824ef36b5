"""What stands beneath the numbers: how the question was read, what was assumed, what to mind."""

from __future__ import annotations

from html import escape

from assistant.answer import Answer
from assistant.language.periods_text import day_text

_STEPS = {
    "understand": "理解",
    "retrieve": "检索",
    "plan": "计划",
    "resolve": "核对口径",
    "compile": "生成SQL",
    "run": "查询",
    "explain": "说明",
    "total": "合计",
}

TAKEN_OVER = "承接上文"


def reading_html(answer: Answer) -> str:
    """The reading, assumptions and warnings as lines."""
    lines = [_line("reading", "怎样理解的", answer.reading)] if answer.reading else []
    lines += [
        _line("assumption", TAKEN_OVER if a.slot == "inherited" else "按惯例补充", a.text)
        for a in sorted(answer.assumptions, key=lambda a: a.slot != "inherited")
    ]
    lines += [_line("warning", "请注意", w.message) for w in answer.warnings]
    return f'<div class="ws-reading">{"".join(lines)}</div>' if lines else ""


def source_text(answer: Answer) -> str:
    """Scope, data date and standing in one line: 全行 · 数据截至2026年11月19日 · 已认证."""
    days = (answer.data_dates or {}).values()
    parts = [
        answer.scope or "",
        f"数据截至{day_text(min(days))}" if days else "",
        {True: "口径已认证", False: "含未认证口径", None: ""}[answer.certified],
    ]
    return " · ".join(part for part in parts if part)


def timings_text(answer: Answer) -> str:
    """How long each step took: 查询 50 毫秒 · 合计 60 毫秒."""
    timings = answer.timings_ms or {}
    return " · ".join(
        f"{name} {timings[step]:,.1f} 毫秒" for step, name in _STEPS.items() if step in timings
    )


def _line(kind: str, name: str, text: str) -> str:
    return f'<p class="{kind}"><b>{name}</b><span>{escape(text)}</span></p>'
