"""Which entry of a definition file is meant: a metric, or a dimension among a dataset's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from metrics.document import document_of
from metrics.finding import Findings

SubjectKind = Literal["metric", "dimension"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One entry of a definition file."""

    name: str
    home: str = ""
    """The dataset that a dimension is a field of; empty: it is a metric."""

    @property
    def kind(self) -> SubjectKind:
        """What it defines."""
        return "dimension" if self.home else "metric"

    @property
    def word(self) -> str:
        """指标 or 维度."""
        return "维度" if self.home else "指标"

    @property
    def key(self) -> str:
        """Its name among all subjects.

        >>> Subject("npl_rate").key, Subject("branch", "orgs").key
        ('npl_rate', 'orgs.branch')
        """
        return f"{self.home}.{self.name}" if self.home else self.name

    @property
    def way(self) -> tuple[tuple[str, str], ...]:
        """List and name in it, from the outermost list to the entry."""
        if self.home:
            return ("datasets", self.home), ("fields", self.name)
        return (("metrics", self.name),)


def entry_of(text: str, subject: Subject) -> Mapping[str, Any] | None:
    """What a file says about the subject, as our own reader sees it; None: nothing readable."""
    document = document_of(text, "", Findings())
    found: Any = document.data if document else None
    for section, name in subject.way:
        listed = found.get(section) if isinstance(found, dict) else None
        among = listed if isinstance(listed, list) else ()
        found = next((e for e in among if isinstance(e, dict) and e.get("name") == name), None)
    return found if isinstance(found, dict) else None
