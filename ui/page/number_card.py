"""Single values as big numbers, each with its changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from assistant.answer import Answer
from assistant.explain import Display, display_of
from assistant.explain.numbers import is_number
from assistant.language.names_text import BASE_WORDS
from semantic_layer.query import Base
from semantic_layer.result import Cell, Column
from ui.page.table import Mood, mood_of

_MOOD_WORDS: dict[Mood, str] = {"good": "好于基期", "bad": "差于基期", "plain": ""}


@dataclass(frozen=True, slots=True)
class Change:
    """One comparison of the number: 同比 ▲ 6户 (+21.43%)."""

    base: str
    base_period: str
    arrow: str
    text: str
    mood: Mood


@dataclass(frozen=True, slots=True)
class NumberCard:
    """A metric, its value and how it changed."""

    name: str
    number: str
    unit: str
    period: str
    changes: tuple[Change, ...]


def number_cards(answer: Answer) -> tuple[NumberCard, ...]:
    """One card per metric of an answer with a single row."""
    if len(answer.rows) != 1:
        return ()
    period = "、".join(p.label for p in answer.periods if p.role == "current" and p.label)
    return tuple(
        _card(index, column, answer, period)
        for index, column in enumerate(answer.columns)
        if column.kind == "metric"
    )


def _card(index: int, column: Column, answer: Answer, period: str) -> NumberCard:
    value = answer.rows[0][index]
    display = display_of(column, [value])
    unit = display.unit if is_number(value) else ""
    return NumberCard(
        column.name, display.number(value), unit, period, tuple(_changes(column.metric, answer))
    )


def _changes(metric: str | None, answer: Answer) -> Iterator[Change]:
    compared = [
        (column, value)
        for column, value in zip(answer.columns, answer.rows[0], strict=True)
        if column.kind == "comparison" and column.metric == metric and column.base
    ]
    for base in dict.fromkeys(column.base for column, _ in compared if column.base):
        shown = {column.show: (column, value) for column, value in compared if column.base == base}
        lead = next((shown[s] for s in ("pp", "diff", "rate") if s in shown), None)
        if lead is None:
            continue
        rate = shown.get("rate") if "diff" in shown else None
        yield _change(base, _period_of(base, answer), lead, rate)


def _change(
    base: Base, period: str, lead: tuple[Column, Cell], rate: tuple[Column, Cell] | None
) -> Change:
    column, value = lead
    name, period = (f"较{period}", "") if base == "range" and period else (BASE_WORDS[base], period)
    display = display_of(column, [value])
    text = display.text(value, signed=True)
    if rate is not None:
        text += f"({display_of(rate[0], [rate[1]]).text(rate[1], signed=True)})"
    if is_number(value) and display.is_flat(value):
        return Change(name, period, "", "持平", "plain")
    return Change(name, period, _arrow(value, display), text, mood_of(value, column, display))


def _arrow(value: Cell, display: Display) -> str:
    if not is_number(value):
        return ""
    return "▲" if display.rounded(value) > 0 else "▼"


def _period_of(base: Base, answer: Answer) -> str:
    return next((p.label for p in answer.periods if p.role == base), "")


def number_cards_html(cards: tuple[NumberCard, ...]) -> str:
    """The cards side by side."""
    return f'<div class="ws-numbers">{"".join(map(_card_html, cards))}</div>'


def _card_html(card: NumberCard) -> str:
    changes = "".join(map(_change_html, card.changes))
    return (
        '<div class="ws-number">'
        f'<div class="name">{escape(card.name)}</div>'
        f'<div class="value">{escape(card.number)}<span>{escape(card.unit)}</span></div>'
        f'<div class="period">{escape(card.period)}</div>'
        f"{f'<ul>{changes}</ul>' if changes else ''}</div>"
    )


def _change_html(change: Change) -> str:
    word = _MOOD_WORDS[change.mood]
    period = f"<small>{escape(change.base_period)}</small>" if change.base_period else ""
    mood = f'<span class="mood">{word}</span>' if word else ""
    return (
        f'<li><span class="base">{escape(change.base)}{period}</span>'
        f'<b class="{change.mood}">{change.arrow} {escape(change.text)}</b>{mood}</li>'
    )
