"""The shape of definition files as pydantic models: the only place where YAML is trusted."""

from metrics.edge.dataset import DatasetEntry, FieldEntry, JoinEntry
from metrics.edge.definition_file import DefinitionFile
from metrics.edge.governance import (
    AmbiguityEntry,
    ParameterEntry,
    PolicyEntry,
    RollupEntry,
    SegmentEntry,
    TargetEntry,
    TestEntry,
)
from metrics.edge.metric import AggregateEntry, AlternativeEntry, MetricEntry
from metrics.edge.where import WhereEntry

__all__ = [
    "AggregateEntry", "AlternativeEntry", "AmbiguityEntry", "DatasetEntry", "DefinitionFile",
    "FieldEntry", "JoinEntry", "MetricEntry", "ParameterEntry", "PolicyEntry", "RollupEntry",
    "SegmentEntry", "TargetEntry", "TestEntry", "WhereEntry",
]  # fmt: skip
