"""What definitions are: frozen values that the loader builds and the compiler reads."""

from semantic_layer.model.dataset import (
    Band,
    DataDate,
    Dataset,
    DatasetGrain,
    Field,
    FieldValue,
    Hierarchy,
    Join,
    Validity,
)
from semantic_layer.model.event import Actor, EventLog, NamedEvent
from semantic_layer.model.governance import (
    Ambiguity,
    DefinitionTest,
    Location,
    Parameter,
    Policy,
    Rollup,
    Segment,
    Target,
)
from semantic_layer.model.manifest import WHOLE, Dimension, Manifest
from semantic_layer.model.metric import (
    Aggregate,
    AverageOver,
    Certification,
    Derived,
    Format,
    Instead,
    Metric,
    MetricChange,
    Ratio,
    SemiAdditive,
    TieOut,
    Unclear,
)

__all__ = [
    "WHOLE",
    "Actor", "Aggregate", "Ambiguity", "AverageOver", "Band", "Certification", "DataDate",
    "Dataset", "DatasetGrain", "DefinitionTest", "Derived", "Dimension", "EventLog", "Field",
    "FieldValue", "Format", "Hierarchy", "Instead", "Join", "Location", "Manifest", "Metric",
    "MetricChange", "NamedEvent", "Parameter", "Policy", "Ratio", "Rollup", "Segment",
    "SemiAdditive", "Target", "TieOut", "Unclear", "Validity",
]  # fmt: skip
