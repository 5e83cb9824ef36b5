"""Findings: what is wrong with a definition, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from metrics.codes import CODES
from semantic_layer.model import Location

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing for the owner of a definition: stable code, place, what, how to mend."""

    code: str
    at: Location | None
    message: str
    """What is wrong, one Chinese sentence."""
    fix: str
    """What to do, one Chinese sentence."""

    @property
    def level(self) -> Level:
        """`error` keeps the definitions from loading."""
        return CODES[self.code].level

    def __str__(self) -> str:
        where = f"{self.at} " if self.at else ""
        return f"{where}{self.code} {self.message}{self.fix}"


def in_file_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, by file and line."""

    def place(finding: Finding) -> tuple[str, int, str]:
        at = finding.at or Location("", 0)
        return at.file, at.line, finding.code

    return tuple(sorted(dict.fromkeys(findings), key=place))


@dataclass(slots=True)
class Findings:
    """Collects findings on the way through a step."""

    items: list[Finding] = field(default_factory=list)

    def add(self, code: str, at: Location | None, message: str, fix: str) -> None:
        """Note one finding."""
        self.items.append(Finding(code, at, message, fix))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def has_errors(self) -> bool:
        """Whether anything noted keeps the definitions from loading."""
        return any(f.level == "error" for f in self.items)
