"""Answers about the definitions and the data themselves: no query is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from assistant.answer import Answer
from assistant.explain import DefinitionCard, definition_card
from assistant.language.periods_text import day_text
from assistant.outcomes import AnswerCode
from assistant.reading import Reading, Request
from semantic_layer.model import Aggregate, Dimension, Manifest, Metric, Segment
from semantic_layer.resolve.closure import leaves
from semantic_layer.resolve.paths import applicable_dimensions
from semantic_layer.result import Cell, Column
from semantic_layer.snapshot import Snapshot

MAX_LISTED = 500
COMPARE = "与其他报表不一致时,请依次核对期间、机构范围、口径说明和数据日期"


Members = Callable[[str], tuple[str, ...]]
"""The members of a dimension that the asker may know of; empty when there is no list of them."""


def inform(reading: Reading, snapshot: Snapshot, members: Members) -> Answer:
    """The answer to a request for information."""
    only = reading.subjects[0] if len(reading.subjects) == 1 else ""
    if reading.request == "definition" and only in snapshot.manifest.dimensions:
        return _dimension(reading, snapshot, members(only))
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


def dimensions_of(metrics: Iterable[str], manifest: Manifest) -> tuple[Dimension, ...]:
    """The dimensions that every table behind the metrics can be grouped by; of none: all."""
    found = (leaf.definition for leaf in _leaves(metrics, manifest))
    tables = {definition.dataset for definition in found if isinstance(definition, Aggregate)}
    fitting = [
        {candidate.id for candidate in applicable_dimensions(manifest, table)} for table in tables
    ]
    return tuple(d for d in visible_dimensions(manifest) if all(d.name in ids for ids in fitting))


def tables_of(subjects: Iterable[str], manifest: Manifest) -> frozenset[str]:
    """The tables behind metrics, dimensions and tables themselves."""
    names = tuple(subjects)
    found = {name for name in names if name in manifest.datasets}
    found |= {manifest.dimensions[name].home for name in names if name in manifest.dimensions}
    for leaf in _leaves(names, manifest):
        every = (leaf.definition, *leaf.also)
        found |= {own.dataset for own in every if isinstance(own, Aggregate)}
    return frozenset(found)


def _leaves(metrics: Iterable[str], manifest: Manifest) -> Iterator[Metric]:
    for name in metrics:
        yield from leaves(manifest, name) if name in manifest.metrics else ()


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


def _dimension(reading: Reading, snapshot: Snapshot, members: tuple[str, ...]) -> Answer:
    """What a dimension means, and its members one by one."""
    cards = _cards(reading, snapshot.manifest)
    if not members:
        return _told(reading, _card_sentence(cards[0]), snapshot, cards)
    card, field = cards[0], snapshot.manifest.dimensions[cards[0].id].field
    own = [member for member in members if member not in field.unranked]
    told = f"{card.label}共有{len(own)}个:{_first_labels(own)}"
    apart = "、".join(member for member in members if member in field.unranked)
    told += f"。另列:{apart}" if apart else ""
    told += f"。{field.description.rstrip('。')}" if field.description else ""
    rows = [(member,) for member in members[:MAX_LISTED]]
    return replace(_listed(reading, told, (card.label,), rows, snapshot), definitions=cards)


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
    manifest = snapshot.manifest
    metrics = [name for name in reading.subjects if name in manifest.metrics]
    dimensions = dimensions_of(metrics, manifest)
    asked = [name for name in reading.subjects if name in manifest.dimensions]
    if metrics and asked:
        return _can_be_split(reading, snapshot, metrics, {d.name for d in dimensions})
    rows = [(d.name, d.label, "、".join(d.field.synonyms)) for d in dimensions[:MAX_LISTED]]
    subject = "、".join(manifest.metrics[name].label for name in metrics)
    labels = _first_labels(d.label for d in dimensions)
    told = f"{subject}可以按{len(dimensions)}个维度查看:{labels}"
    return _listed(reading, told, ("维度编号", "维度", "同义词"), rows, snapshot)


def _can_be_split(
    reading: Reading, snapshot: Snapshot, metrics: list[str], fitting: set[str]
) -> Answer:
    """支持按渠道看吗: yes or no, dimension by dimension."""
    manifest = snapshot.manifest
    label = "、".join(manifest.metrics[name].label for name in metrics)
    told = [
        f"{'可以' if name in fitting else '不能'}按{manifest.dimensions[name].label}查看"
        for name in reading.subjects
        if name in manifest.dimensions
    ]
    return _told(reading, f"{label}{','.join(told)}", snapshot)


def _freshness(reading: Reading, snapshot: Snapshot) -> Answer:
    manifest = snapshot.manifest
    wanted = tables_of(reading.subjects, manifest)
    known = [
        (manifest.datasets[name].label, snapshot.first_dates.get(name), day)
        for name, day in _newest(snapshot)
        if not wanted or name in wanted
    ]
    if not known:
        return _told(reading, "没有登记数据日期", snapshot)
    newest, oldest = known[0][2], known[-1][2]
    told = f"数据最新到{day_text(newest)}"
    if wanted:
        told = ";".join(f"“{label}”的数据最新到{day_text(day)}" for label, _, day in known)
    elif oldest != newest:
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
    manifest = snapshot.manifest
    wanted = tables_of(reading.subjects, manifest)
    tables = "、".join(d.label for n, d in manifest.datasets.items() if not wanted or n in wanted)
    told = f"答案都来自“{manifest.project}”的数据和登记过的口径,包括:{tables}"
    if not wanted:
        return _told(reading, f"{told}。{COMPARE}", snapshot)
    cards = _cards(reading, manifest)
    subject = "、".join(card.label for card in cards)
    return _told(reading, f"{subject}取自:{tables}。{COMPARE}", snapshot, cards)


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
