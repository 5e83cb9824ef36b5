"""Datasets from their entries."""

from __future__ import annotations

from collections.abc import Mapping

from metrics.assemble.events import build_events
from metrics.assemble.source import Place
from metrics.edge import DatasetEntry, FieldEntry, JoinEntry
from metrics.edge.dataset import DataDateEntry
from metrics.finding import Findings
from semantic_layer.model import (
    Band,
    DataDate,
    Dataset,
    Field,
    FieldValue,
    Hierarchy,
    Join,
    Validity,
)


def build_dataset(
    entry: DatasetEntry, homes: Mapping[str, str], domain: str, place: Place, findings: Findings
) -> Dataset:
    """The dataset; `homes` gives the label of every labelled field of the project."""
    if (entry.source is None) == (entry.sql is None):
        findings.add(
            "M111",
            place.location,
            f"数据集“{entry.label or entry.name}”要么写 source,要么写 sql,恰好一个。",
            "请写 source: 表名。",
        )
    return Dataset(
        name=entry.name,
        label=entry.label or entry.name,
        table=entry.source,
        sql=entry.sql,
        key=tuple(entry.key),
        fields=tuple(
            _field(field, homes, place / "fields" / i) for i, field in enumerate(entry.fields)
        ),
        grain=entry.grain,
        time=entry.time,
        time_roles=tuple(entry.time_roles.items()),
        joins=tuple(
            _join(join, place / "joins" / i, findings) for i, join in enumerate(entry.joins)
        ),
        hierarchies=tuple(Hierarchy(k, tuple(v)) for k, v in entry.hierarchies.items()),
        data_date=_data_date(entry.data_date, place / "data_date", findings),
        calendar=entry.calendar,
        lifetime=(entry.lifetime.opened, entry.lifetime.closed) if entry.lifetime else None,
        roles_apart=entry.roles_apart,
        entity=entry.entity,
        events=build_events(entry.events, place / "events") if entry.events else None,
        columns=tuple(entry.columns.items()),
        description=entry.description,
        connection=entry.connection,
        domain=domain,
        at=place.location,
    )


def _field(entry: FieldEntry, homes: Mapping[str, str], place: Place) -> Field:
    conforms = entry.label is None and entry.name in homes
    is_plain = entry.label is None and not conforms
    return Field(
        name=entry.name,
        label=entry.label or homes.get(entry.name, entry.name),
        type=entry.type,
        expr=entry.expr,
        synonyms=tuple(entry.synonyms),
        description=entry.description,
        values=tuple(FieldValue(v.value, v.label, tuple(v.synonyms)) for v in entry.values),
        band=(
            Band(entry.band.of, tuple(entry.band.edges), tuple(entry.band.labels))
            if entry.band
            else None
        ),
        unit=entry.unit,
        sensitivity=entry.sensitivity,
        mask=entry.mask,
        groupable=entry.groupable and entry.sensitivity != "pii" and not is_plain,
        searchable=entry.searchable and entry.sensitivity != "pii",
        spine=entry.spine,
        unranked=tuple(entry.unranked),
        owner=entry.owner,
        conforms=conforms,
        at=place.location,
    )


def _join(entry: JoinEntry, place: Place, findings: Findings) -> Join:
    name = entry.as_ or entry.to
    if (entry.valid is None) != (entry.as_of is None):
        findings.add(
            "M111",
            place.location,
            f"关联 {name} 的 valid 与 as_of 要一起写。",
            "请补上 as_of: 我方日期字段。",
        )
    validity = (
        Validity(entry.valid.from_, entry.valid.to, entry.as_of)
        if entry.valid and entry.as_of
        else None
    )
    return Join(
        to=entry.to,
        name=name,
        keys=tuple(entry.keys.items()),
        type=entry.type,
        orphans=entry.orphans,
        label=entry.label,
        default=entry.default,
        validity=validity,
        weight=entry.weight,
        at=place.location,
    )


def _data_date(entry: DataDateEntry | None, place: Place, findings: Findings) -> DataDate | None:
    if entry is None:
        return None
    if (entry.from_ is None) == (entry.max is None):
        findings.add(
            "M111",
            place.location,
            "data_date 要么写 from: etl_load,要么写 max: 日期列,恰好一个。",
            "请改成 {from: etl_load} 或 {max: 列名, not_after: as_of}。",
        )
    if entry.from_ is not None:
        return DataDate("etl_load", table=entry.table)
    return DataDate("max", entry.max, entry.not_after == "as_of", table=entry.table)
