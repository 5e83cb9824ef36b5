"""利息, 各分行: the metrics that the rest of the question could be about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.language.catalogue import Catalogue
from assistant.language.central import central_metrics
from assistant.language.tokens import ValueName
from assistant.language.words import closed_words
from assistant.reading import ReadingOption
from semantic_layer.model import Metric
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery, MetricRef, Query

MOST = 4
MOST_TRIED = 16
NEW = "新增"
HEAD = 2
ENDINGS = ("笔数", "件数", "次数", "金额")
COUNTED = re.compile(r"(?:一共|总共|共)?(?:有|是)?(?:多少|几)[个户人位名]?[呢了]?$")
BALANCE = "余额"
"""The governed word whose candidates are the balances that may have grown."""
REACHED_WORDS = tuple(
    text for text, words in closed_words().items() if any(w.arg == "target" for w in words)
)
Read = Callable[[str], Query | None]


def completions(text: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """The question with each metric that makes it a complete query, likeliest first."""
    if reached := _reached(text, catalogue, read) or _of_their_rows(text, catalogue, read):
        return reached
    found: dict[Query, ReadingOption] = {}
    for metric in _likeliest(text, catalogue)[:MOST_TRIED]:
        for changed in (f"{metric.label} {text}", f"{text}{metric.label}"):
            query = read(changed)
            if isinstance(query, MetricQuery) and _is_about(query, metric):
                found.setdefault(query, ReadingOption(metric.label, query))
                break
        if len(found) == MOST:
            break
    return tuple(found.values()) if len(found) > 1 else ()


def _reached(text: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """各分行目标完成率 with each governed metric that is called so: 存款目标完成率."""
    words = (word for word in REACHED_WORDS if word in text)
    said = max(words, key=len, default="")
    named = [
        metric
        for metric in catalogue.manifest.metrics.values()
        if said and not metric.hidden and metric.label.endswith(said)
    ]
    queries = ((metric, read(text.replace(said, metric.label, 1))) for metric in named[:MOST])
    found = tuple(ReadingOption(m.label, query) for m, query in queries if query is not None)
    return found if len(found) > 1 else ()


def _of_their_rows(text: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """上个月取现多少: rows of one 交易类型 are counted by 交易笔数 and added up by 交易金额."""
    found: dict[Query, ReadingOption] = {}
    for known in catalogue.lexicon.find(text):
        for name in known.names:
            if not isinstance(name, ValueName):
                continue
            for metric in _called_like(catalogue.dimension_label(name.dimension), catalogue):
                query = read(text[: known.end] + metric.label + text[known.end :])
                if isinstance(query, MetricQuery) and _is_about(query, metric):
                    found.setdefault(query, ReadingOption(metric.label, query))
    return tuple(found.values())[:MOST] if len(found) > 1 else ()


def _called_like(label: str, catalogue: Catalogue) -> Iterator[Metric]:
    """交易类型 → 交易笔数, 交易金额."""
    for ending in ENDINGS:
        for name in catalogue.lexicon.metrics(label[:HEAD] + ending):
            yield catalogue.metric(name.metric)


def newly(text: str, said: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """上个月新增了多少 with each metric of what is new, then with the growth of balances."""
    metrics = sorted(
        (m for m in catalogue.manifest.metrics.values() if not m.hidden),
        key=lambda m: m.status != "certified",
    )
    flows = [m for m in metrics if m.label.startswith(NEW) and not catalogue.is_stock(m.name)]
    named = [(m.label, f"{m.label}是多少") for m in flows if m.direction == "up_is_good"]
    balances = catalogue.manifest.ambiguous.get(BALANCE)
    grown = [
        (f"{NEW}{metric.label}", f"{metric.label}{NEW}多少")
        for name in (balances.candidates if balances else ())
        if (metric := catalogue.manifest.metrics.get(name)) is not None
    ]
    found: dict[Query, ReadingOption] = {}
    for label, words in (*named[: MOST // 2], *grown):
        query = read(text.replace(said, words, 1))
        if query is not None:
            found.setdefault(query, ReadingOption(label, query))
        if len(found) == MOST:
            break
    return tuple(found.values())


def more_of(text: str, said: str, catalogue: Catalogue, read: Read) -> tuple[ReadingOption, ...]:
    """今年新增的私行客户有几个: how many more there are now than before."""
    of_whom = COUNTED.sub("", text.replace(f"{said}的", "", 1).replace(said, "", 1))
    query = read(f"{of_whom}净增多少")
    if not isinstance(query, MetricQuery) or not isinstance(query.measures[0], MetricRef):
        return ()
    if not catalogue.is_stock(query.measures[0].metric):
        return ()
    label = catalogue.metric(query.measures[0].metric).label
    return (ReadingOption(f"{label}的净增(期末减期初)", query),)


def asks_more(problem: Problem) -> bool:
    """Whether all that is unclear is what 新增 is said of."""
    said = closed_words().get(problem.subject, ())
    return problem.code == "ambiguous_phrase" and any(word.arg == "new" for word in said)


def _is_about(query: MetricQuery, metric: Metric) -> bool:
    return query.measures == (MetricRef(metric.name),)


def _likeliest(text: str, catalogue: Catalogue) -> list[Metric]:
    """Those that share pairs of characters with the question, then the certified ones."""
    said = _pairs(text)
    metrics = central_metrics(catalogue.manifest)
    return sorted(metrics, key=lambda m: (-len(_pairs(m.label) & said), m.status != "certified"))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
