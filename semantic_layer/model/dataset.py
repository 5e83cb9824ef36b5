"""Datasets: a table (or query), its key, grain, time, fields and joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from semantic_layer.model.event import EventLog
from semantic_layer.model.governance import Location

DatasetGrain = Literal["event", "date", "week", "month", "quarter", "year"]
"""How often a row appears; `event`: any time, answers every grain."""
FieldType = Literal["string", "number", "date", "timestamp", "boolean"]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A governed value and what people call it: 理财 (理财产品)."""

    value: str | int | float | bool
    label: str | None = None
    """Shown instead of the stored value (1 → 活期)."""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A numeric field cut into left-closed bands: 年龄段."""

    of: str
    edges: tuple[int | float, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A governed column or scalar expression of one dataset."""

    name: str
    label: str
    type: FieldType | None = None
    """None: taken from the database."""
    expr: str | None = None
    """Scalar SQL over the table's columns; None: the column named `name`."""
    synonyms: tuple[str, ...] = ()
    description: str = ""
    values: tuple[FieldValue, ...] = ()
    """Governed values in their declared order."""
    band: Band | None = None
    unit: str | None = None
    sensitivity: Literal["public", "staff", "internal", "pii"] = "public"
    """staff: names of colleagues, asked by like any other, told to no model."""
    mask: str | None = None
    groupable: bool = True
    searchable: bool = True
    """Its values may be recognised in a question (never for pii)."""
    spine: bool = False
    """All members appear, also those without rows."""
    unranked: tuple[str, ...] = ()
    """Shown members that are listed and counted in, but take no place (总行直属)."""
    owner: str = ""
    conforms: bool = False
    """True: says only which dimension of the same name it carries; the labelled field of
    another dataset is the home of its label, synonyms and values."""
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """Half-open validity of the joined rows, judged at a date of ours."""

    from_field: str
    to_field: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Join:
    """A way from one dataset to another; `name` is its role."""

    to: str
    name: str
    keys: tuple[tuple[str, str], ...]
    """(our expression, their field) pairs."""
    type: Literal["many_to_one", "one_to_one", "many_to_many"] = "many_to_one"
    orphans: Literal["keep", "drop"] = "keep"
    label: str | None = None
    """Chinese name of the role: 归属机构, 交易机构."""
    default: bool = False
    """Taken when several ways lead to the same dimension; shown as an assumption."""
    validity: Validity | None = None
    weight: str | None = None
    """Of a many-to-many join: the share of ours that a row of theirs takes; None: all of it."""
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class DataDate:
    """Where the data date of a dataset comes from."""

    source: Literal["etl_load", "max"]
    column: str | None = None
    """For `max`: the date column."""
    not_after_as_of: bool = True
    table: str = "etl_load"
    """For `etl_load`: the load log (table_name, data_date)."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Levels from coarse to fine: 机构: branch → sub_branch → outlet."""

    label: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table with what it means."""

    name: str
    label: str
    table: str | None
    """Physical table or view; None when `sql` is given."""
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    sql: str | None = None
    grain: DatasetGrain = "event"
    time: str | None = None
    """Default time field."""
    time_roles: tuple[tuple[str, str], ...] = ()
    """(role in Chinese, field) pairs: 申请日 → apply_date."""
    joins: tuple[Join, ...] = ()
    hierarchies: tuple[Hierarchy, ...] = ()
    data_date: DataDate | None = None
    calendar: str | None = None
    lifetime: tuple[str | None, str | None] | None = None
    """Fields with the first day and the day after the last of a member: 开业, 撤并."""
    roles_apart: bool = False
    """Its roles are different things: one condition is not for two of them (注册渠道, 交易渠道)."""
    entity: str | None = None
    """Entity that one row of this dataset is (customer, account …)."""
    events: EventLog | None = None
    """How its rows are read as events; None: they are none."""
    columns: tuple[tuple[str, str], ...] = ()
    """(column, Chinese name) of those that are no dimensions, for the words of formulas."""
    description: str = ""
    connection: str = "default"
    domain: str = ""
    at: Location | None = None

    def field(self, name: str) -> Field | None:
        """The field of that name, if there is one."""
        for own in self.fields:
            if own.name == name:
                return own
        return None

    def join(self, name: str) -> Join | None:
        """The join of that role, if there is one."""
        for own in self.joins:
            if own.name == name:
                return own
        return None
