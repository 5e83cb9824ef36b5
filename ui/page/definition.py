"""The 口径 card: what a number means, who answers for it, and what it was taken from."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from assistant.answer import Answer
from assistant.explain import DefinitionCard
from assistant.language.periods_text import day_text

_STATUS_KIND = {"certified": "good", "deprecated": "bad"}
FORMULA = "公式 SQL"


def definitions_html(answer: Answer) -> str:
    """All definition cards of an answer, and the scope and dates of its data."""
    cards = "".join(map(definition_html, answer.definitions))
    return cards if answer.outcome == "info" else cards + _facts_html(_data_facts(answer))


def definition_html(card: DefinitionCard) -> str:
    """One card."""
    shown = card.to_dict()
    status = escape(str(shown["status_label"]))
    kind = _STATUS_KIND.get(card.status, "plain")
    checked = "已核对" if card.reconciled else "未核对"
    hint = "已与外部来源核对一致" if card.reconciled else "尚未与外部来源核对"
    return (
        '<section class="ws-definition">'
        f"<h3>{escape(card.label)}<small>第{card.version}版</small>"
        f'<mark class="{kind}">{status}</mark>'
        f'<mark class="plain" title="{hint}">{checked}</mark></h3>'
        f"<p>{escape(card.description)}</p>{_facts_html(_card_facts(card))}</section>"
    )


def _facts_html(facts: Iterator[tuple[str, str]]) -> str:
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd{_kind(name)}>{escape(text)}</dd>"
        for name, text in facts
        if text
    )
    return f'<dl class="ws-facts">{lines}</dl>' if lines else ""


def _kind(name: str) -> str:
    return ' class="ws-formula"' if name == FORMULA else ""


def _card_facts(card: DefinitionCard) -> Iterator[tuple[str, str]]:
    yield "计算公式", card.formula
    yield FORMULA, card.sql
    yield "单位", card.unit
    yield "归口部门", card.owner
    yield "业务域", card.domain.replace("/", " / ")
    yield "别名", "、".join(card.synonyms)
    by = card.certified_by or ""
    yield "认证", f"{by} {card.certified_on or ''}".strip()


def _data_facts(answer: Answer) -> Iterator[tuple[str, str]]:
    yield "数据范围", answer.scope or ""
    days = sorted(set((answer.data_dates or {}).values()))
    yield "数据日期", "、".join(map(day_text, days))
    yield "用户", answer.user or ""
