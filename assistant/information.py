"""Answers about the definitions and the data themselves: no query is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from assistant.answer import Answer
from assistant.explain import DefinitionCard, definition_card
from assistant.language.periods_text import day_text
from assistant.outcomes import AnswerCode
from assistant.reading import Reading, Request
from semantic_layer.model import Dimension, Manifest, Metric, Segment
from semantic_layer.result import Cell, Column
from semantic_layer.snapshot import Snapshot

MAX_LISTED = 500


def inform(reading: Reading, snapshot: Snapshot) -> Answer:
    """The answer to a request for information."""
    return _TELLERS[reading.request](reading, snapshot)


def visible_metrics(manifest: Manifest) -> tuple[Metric, ...]:
    """Metrics that people may know of; helper parts stay out."""
    return tuple(m for m in manifest.metrics.values() if not m.hidden)


def visible_dimensions(manifest: Manifest) -> tuple[Dimension, ...]:
    """Dimensions that may be grouped by; personal data stays out."""
    return tuple(
        d
        for d in manifest.dimensions.values()
        if d.field.groupable and d.field.sensitivity != "pii"
    )


def dimension_card(dimension: Dimension, manifest: Manifest) -> DefinitionCard:
    """What a dimension means and which data carries it."""
    field = dimension.field
    carriers = "、".join(manifest.datasets[name].label for name in dimension.carriers)
    values = "、".join(str(v.label or v.value) for v in field.values)
    return _card(
        dimension.name,
        field.label,
        owner=field.owner,
        formula=_told_field(dimension, manifest),
        description="。".join(
            part
            for part in (
                field.description,
                f"取值:{values}" if values else "",
                f"可用于:{carriers}",
            )
            if part
        ),
        synonyms=field.synonyms,
    )


def _told_field(dimension: Dimension, manifest: Manifest) -> str:
    """Where a dimension comes from, without the name of any column."""
    home, field = manifest.datasets[dimension.home], dimension.field
    if field.band is None:
        return f"取自“{home.label}”"
    cut = home.field(field.band.of)
    return f"取自“{home.label}”,由{cut.label if cut else '数值'}分段"


def segment_card(segment: Segment) -> DefinitionCard:
    """What a governed set of entities means."""
    return _card(
        segment.name,
        segment.label,
        owner=segment.owner,
        formula="",
        description=segment.description,
        synonyms=segment.synonyms,
        status=segment.status,
    )


def _card(
    name: str,
    label: str,
    *,
    owner: str,
    formula: str,
    description: str,
    synonyms: tuple[str, ...],
    status: str = "certified",
) -> DefinitionCard:
    return DefinitionCard(
        id=name,
        label=label,
        version=1,
        status=status,
        owner=owner,
        formula=formula,
        description=description,
        synonyms=synonyms,
        unit="",
        domain="",
        certified_by=None,
        certified_on=None,
        reconciled=False,
    )


def _cards(reading: Reading, manifest: Manifest) -> tuple[DefinitionCard, ...]:
    found: list[DefinitionCard] = []
    for name in reading.subjects:
        if name in manifest.metrics:
            found.append(definition_card(manifest.metrics[name], manifest))
        elif name in manifest.dimensions:
            found.append(dimension_card(manifest.dimensions[name], manifest))
        elif name in manifest.segments:
            found.append(segment_card(manifest.segments[name]))
    return tuple(found)


def _definition(reading: Reading, snapshot: Snapshot) -> Answer:
    cards = _cards(reading, snapshot.manifest)
    if not cards:
        return _list_metrics(reading, snapshot)
    return _told(reading, ";".join(map(_card_sentence, cards)), snapshot, cards)


def _card_sentence(card: DefinitionCard) -> str:
    parts = [f"{card.label}:{card.description or card.formula}"]
    if card.formula and card.description:
        parts.append(f"计算:{card.formula}")
    if card.owner:
        parts.append(f"归口:{card.owner}")
    return "。".join(part.rstrip("。") for part in parts)


def _difference(reading: Reading, snapshot: Snapshot) -> Answer:
    cards = _cards(reading, snapshot.manifest)
    return _told(reading, "对比如下。" + ";".join(map(_card_sentence, cards)), snapshot, cards)


def _owner(reading: Reading, snapshot: Snapshot) -> Answer:
    cards = _cards(reading, snapshot.manifest)
    told = ";".join(f"{c.label}由{c.owner or '(未登记归口部门)'}负责" for c in cards)
    return _told(reading, told or "没有找到要查归口部门的指标", snapshot, cards)


def _list_metrics(reading: Reading, snapshot: Snapshot) -> Answer:
    wanted = set(reading.subjects)
    listed = [m for m in visible_metrics(snapshot.manifest) if not wanted or m.name in wanted]
    cards = [definition_card(m, snapshot.manifest) for m in listed[:MAX_LISTED]]
    rows = [(c.id, c.label, c.unit, c.domain, c.owner, c.description) for c in cards]
    told = f"共有{len(listed)}个指标:{_first_labels(m.label for m in listed)}"
    heads = ("指标编号", "指标", "单位", "业务域", "归口", "说明")
    return _listed(reading, told, heads, rows, snapshot)


def _list_dimensions(reading: Reading, snapshot: Snapshot) -> Answer:
    dimensions = visible_dimensions(snapshot.manifest)
    rows = [(d.name, d.label, "、".join(d.field.synonyms)) for d in dimensions[:MAX_LISTED]]
    told = f"可以按{len(dimensions)}个维度查看:{_first_labels(d.label for d in dimensions)}"
    return _listed(reading, told, ("维度编号", "维度", "同义词"), rows, snapshot)


def _freshness(reading: Reading, snapshot: Snapshot) -> Answer:
    datasets = snapshot.manifest.datasets
    known = [(datasets[n].label, snapshot.first_dates.get(n), d) for n, d in _newest(snapshot)]
    if not known:
        return _told(reading, "没有登记数据日期", snapshot)
    newest, oldest = known[0][2], known[-1][2]
    told = f"数据最新到{day_text(newest)}"
    if oldest != newest:
        late = "、".join(label for label, _, day in known if day == oldest)
        told += f";更新最慢的是{late},到{day_text(oldest)}"
    return _listed(reading, told, ("数据", "最早日期", "数据日期"), known, snapshot)


def _newest(snapshot: Snapshot) -> list[tuple[str, date]]:
    dates = [(n, d) for n, d in snapshot.data_dates.items() if n in snapshot.manifest.datasets]
    return sorted(dates, key=lambda item: (-item[1].toordinal(), item[0]))


def _help(reading: Reading, snapshot: Snapshot) -> Answer:
    return _told(
        reading,
        "我用登记过的口径回答经营数据问题:可以问某个指标在某段时间是多少,"
        "按维度拆分、排名、看趋势、同比环比、占比,也可以问口径是什么、数据更新到哪天",
        snapshot,
    )


def _greeting(reading: Reading, snapshot: Snapshot) -> Answer:
    return _told(reading, "您好,请直接用一句话问经营数据,例如下面的问题", snapshot)


def _thanks(reading: Reading, snapshot: Snapshot) -> Answer:
    return _told(reading, "不客气,还可以接着问", snapshot)


def _about_data(reading: Reading, snapshot: Snapshot) -> Answer:
    tables = "、".join(d.label for d in snapshot.manifest.datasets.values())
    told = f"答案都来自“{snapshot.manifest.project}”的数据和登记过的口径,包括:{tables}"
    return _told(reading, told, snapshot)


def _told(
    reading: Reading, sentence: str, snapshot: Snapshot, cards: tuple[DefinitionCard, ...] = ()
) -> Answer:
    return Answer(
        code=_code(reading.request),
        message=sentence,
        definitions=cards,
        data_dates=dict(snapshot.data_dates),
        suggestions=reading.suggestions,
        planner="grammar",
    )


def _listed(
    reading: Reading,
    sentence: str,
    heads: tuple[str, ...],
    rows: Iterable[tuple[Cell, ...]],
    snapshot: Snapshot,
) -> Answer:
    from dataclasses import replace

    cells = tuple(rows)
    columns = tuple(Column(id=f"c{i}", name=h, kind="dimension") for i, h in enumerate(heads))
    return replace(
        _told(reading, sentence, snapshot),
        columns=columns,
        rows=cells,
        row_count=len(cells),
        total_rows=len(cells),
        truncated=False,
    )


def _first_labels(labels: Iterable[str], most: int = 12) -> str:
    every = list(labels)
    return "、".join(every[:most]) + (" 等" if len(every) > most else "")


def _code(request: Request) -> AnswerCode:
    assert request != "query", "a query is answered with numbers"
    return request


_TELLERS: dict[Request, Callable[[Reading, Snapshot], Answer]] = {
    "definition": _definition,
    "difference": _difference,
    "owner": _owner,
    "list_metrics": _list_metrics,
    "list_dimensions": _list_dimensions,
    "freshness": _freshness,
    "help": _help,
    "greeting": _greeting,
    "thanks": _thanks,
    "about_data": _about_data,
}
