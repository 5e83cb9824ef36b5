"""The five things a model can do in an analysis; each within the asker's rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

from assistant.agent.step import Step
from assistant.agent.told import told
from assistant.answer import Answer
from assistant.context import Context
from assistant.language.canonical import canonical, read_canonical
from assistant.pipeline import answer_query
from assistant.privacy import Masked
from assistant.question import Question
from assistant.reading import Reading
from assistant.retrieve import Index
from semantic_layer.query import InvalidQueryError, MetricQuery, Query, query_from_json

MOST_FOUND = 8
MOST_VALUES = 40
"""Longer lists are of people and places rather than of kinds."""
LONGEST_QUERY = 4000
MOST_OPTIONS = 4
UNREAD = "这个查询读不懂。请用查到的指标和维度名称写,如:2026年10月各分行存款余额环比"
NOT_HERE = "没有这个名称,请先用 search_definitions 查找"


@dataclass
class Desk:
    """One analysis under way: what was run, and what the asker is to be asked."""

    context: Context
    index: Index
    masked: Masked
    """The question as the model sees it."""
    rows: bool = False
    most_steps: int = 6
    steps: list[Step] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    """Of the steps, one each."""
    options: tuple[Query, ...] = ()
    """Ways to go on that the asker chooses from."""
    _lock: Lock = field(default_factory=Lock)

    @property
    def is_full(self) -> bool:
        """Whether no more may be run."""
        return len(self.steps) >= self.most_steps

    def search_definitions(self, words: str) -> str:
        """Finds metrics, dimensions and public members by words of the question."""
        found = self.index.search(words[:LONGEST_QUERY], self.context.principal, k=MOST_FOUND)
        lines = [self._metric(hit.id) for hit in found.metrics]
        lines += [self._dimension(hit.id) for hit in found.dimensions]
        lines += [f"取值 {hit.dimension} | {hit.label}" for hit in found.values if hit.public]
        return self._out("\n".join(filter(None, lines)) or NOT_HERE)

    def describe(self, name: str) -> str:
        """What a metric or dimension means, by its id."""
        return self._out(self._metric(name) or self._dimension(name) or NOT_HERE)

    def values(self, dimension: str) -> str:
        """The public members of a dimension that the asker may see."""
        allowed, plain = self.index.allowed(self.context.principal), dimension.rpartition(".")[2]
        known = self.context.snapshot.manifest.dimensions.get(plain)
        if known is None or known.field.sensitivity != "public" or not allowed.lists(plain):
            return NOT_HERE
        members = self.context.sight.members(self.context.principal, plain)
        if len(members) > MOST_VALUES:
            return "取值太多,不逐个列出;请照问题里的写法"
        return self._out("、".join(members) or "没有固定的取值")

    def run_query(self, query: str) -> str:
        """Runs one query: canonical text, query JSON or a plain question in governed names."""
        with self._lock:
            if self.is_full:
                return "步骤已经用完,请结束"
            read = self._read(query)
            return self._run(*read) if read else UNREAD

    def ask_user(self, options: list[str]) -> str:
        """Ends with a question back; each option is a query as for run_query."""
        read = [found for text in options[:MOST_OPTIONS] if (found := self._read(text))]
        if len(read) < 2:
            return "请给出两个以上能读懂的查询作为选项"
        self.options = tuple(query for query, _ in read)
        return "已请用户选择"

    def _read(self, text: str) -> tuple[MetricQuery, Reading] | None:
        text = self.masked.restore(text).strip()
        if not text or len(text) > LONGEST_QUERY:
            return None
        query, reading = self._typed(text), Reading()
        if query is None and text[0] not in "{[":
            question = Question(text, self.context.snapshot.as_of, self.context.principal)
            reading = self.context.reader.read(question, self.context.snapshot)
            query = reading.query if reading.request == "query" else None
        if not isinstance(query, MetricQuery):
            return None
        return query, reading

    def _typed(self, text: str) -> Query | None:
        manifest = self.context.snapshot.manifest
        try:
            if text[0] in "{[":
                return query_from_json(text)
            return read_canonical(text, manifest)
        except InvalidQueryError:
            return None

    def _run(self, query: MetricQuery, reading: Reading) -> str:
        text = canonical(query, self.context.snapshot.manifest)
        if text is None:
            return UNREAD
        for number, step in enumerate(self.steps, 1):
            if step.canonical == text:
                return f"第{number}步已经查过"
        answer = answer_query(query, reading, self.context).answer
        if answer.code != "answered":
            return f"这个查询没有结果({answer.code}),请换一个"
        self.steps.append(step_of(answer))
        self.answers.append(answer)
        manifest = self.context.snapshot.manifest
        return self._out(told(len(self.steps), self.steps[-1], manifest, rows=self.rows))

    def _metric(self, name: str) -> str:
        metric = self.context.snapshot.manifest.metrics.get(name)
        allowed = self.index.allowed(self.context.principal).metrics
        if metric is None or metric.hidden or name not in allowed:
            return ""
        synonyms, meaning = "、".join(metric.synonyms[:4]), metric.description.strip()[:120]
        return f"指标 {name} | {metric.label} | {synonyms} | {meaning}"

    def _dimension(self, name: str) -> str:
        plain = name.rpartition(".")[2]
        known = self.context.snapshot.manifest.dimensions.get(plain)
        allowed = self.index.allowed(self.context.principal).dimensions
        if known is None or plain not in allowed or known.field.sensitivity == "pii":
            return ""
        return f"维度 {plain} | {known.field.label} | {'、'.join(known.field.synonyms[:4])}"

    def _out(self, text: str) -> str:
        """The only way out: without personal data and hidden words, and no line is a tag."""
        masked = self.index.masked(text, self.context.principal).text
        return masked.replace("<", "〈").replace(">", "〉")


def step_of(answer: Answer) -> Step:
    """An answered query as a step."""
    return Step(
        reading=answer.reading or "",
        canonical=answer.canonical or "",
        query=answer.query or {},
        sql=answer.sql or "",
        columns=answer.columns,
        rows=answer.rows,
        totals=answer.totals or {},
        headline=answer.headline or "",
        covers=tuple(dict.fromkeys(_days(answer))),
        definitions=answer.definitions,
        assumptions=answer.assumptions,
        warnings=answer.warnings,
    )


def _days(answer: Answer) -> Iterator[str]:
    for period in answer.periods:
        if period.role == "current":
            yield from (period.start.isoformat(), period.end.isoformat())
