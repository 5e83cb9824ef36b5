"""What a model is told: definitions it may choose from and the masked question, never a row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assistant.language.canonical import canonical
from assistant.language.tokens import MetricName, Token
from assistant.planners.llm.chat import Message
from assistant.planners.llm.frame import Frame
from semantic_layer.query import Query

PROMPT = Path(__file__).parent / "prompts" / "plan.md"
LONGEST_DESCRIPTION = 60
MOST_SYNONYMS = 4
MOST_EXPLAINED = 14
"""Of the metrics behind only the names are told."""


def messages_of(frame: Frame) -> list[Message]:
    """The first two messages: rules, and this question with its candidates."""
    sections = (
        ("metrics", _metrics(frame)),
        ("dimensions", _dimensions(frame)),
        ("values", (f"{dimension} | {value}" for dimension, value in frame.values)),
        ("sets", (f"{name} | {frame.label(name)}" for name in frame.sets)),
        ("events", (f"{name} | {frame.label(name)}" for name in frame.events)),
        ("known", _known(frame)),
        ("unknown", (token.text for token in frame.gaps)),
        ("previous", _previous(frame)),
        ("question", (frame.text,)),
    )
    told = (_section(tag, tuple(lines)) for tag, lines in sections)
    return [("system", _rules()), ("user", "\n".join(filter(None, told)))]


def complaint(text: str) -> Message:
    """Back to the model: what is wrong with its draft."""
    return (
        "user",
        f"草稿不能用:{_plain(text)} 请改正后重新输出整个 JSON 对象;做不到就填 `cannot`。",
    )


@cache
def _rules() -> str:
    return PROMPT.read_text(encoding="utf-8")


def _metrics(frame: Frame) -> Iterator[str]:
    for place, name in enumerate(frame.metrics):
        metric = frame.planner.manifest.metrics[name]
        if place >= MOST_EXPLAINED:
            yield f"{name} | {metric.label}"
            continue
        synonyms = "、".join(metric.synonyms[:MOST_SYNONYMS])
        yield " | ".join((name, metric.label, synonyms, _short(metric.description)))


def _dimensions(frame: Frame) -> Iterator[str]:
    for name in frame.dimensions:
        field = frame.planner.manifest.dimensions[name].field
        yield " | ".join((name, field.label, "、".join(field.synonyms[:MOST_SYNONYMS])))


def _known(frame: Frame) -> Iterator[str]:
    """The partial reading: names with their ids, the rest as words of grammar."""
    for token in frame.tokens:
        heard = frame.event_at(token)
        if heard is not None and token.is_gap:
            yield f"{token.text} = 事件 {heard.names[0].step.event}"
        elif not (token.is_gap or token.word("of") or token.word("filler")):
            yield f"{token.text} = {_meaning(token, frame)}"


def _meaning(token: Token, frame: Frame) -> str:
    names = token.names
    if not names:
        return "时间、数字或语法词"
    metrics = [name.metric for name in names if isinstance(name, MetricName)]
    if metrics:
        return f"指标 {metrics[0]}"
    return frame.planner.catalogue.name_label(names[0]) or "名字"


def _previous(frame: Frame) -> Iterator[str]:
    before: Query | None = frame.question.previous
    if before is not None:
        index = frame.context.index
        assert index is not None
        text = canonical(before, frame.planner.manifest) or ""
        yield index.masked(text, frame.context.principal).text


def _section(tag: str, lines: tuple[str, ...]) -> str:
    if not lines:
        return ""
    return "\n".join((f"<{tag}>", *(_plain(line) for line in lines), f"</{tag}>"))


def _short(text: str) -> str:
    first = text.strip().split("\n")[0]
    return first if len(first) <= LONGEST_DESCRIPTION else first[:LONGEST_DESCRIPTION] + "…"


def _plain(text: str) -> str:
    """Data on one line that cannot close its tag."""
    return " ".join(text.replace("<", "〈").replace(">", "〉").split())
