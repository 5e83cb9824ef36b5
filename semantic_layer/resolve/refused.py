"""How the steps of `resolve` stop: one exception that never leaves the package."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from semantic_layer.problem import Problem

T = TypeVar("T")


class RefusedError(Exception):
    """A query that cannot be answered; carries why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def must(found: T | Problem, at: str = "") -> T:
    """The value, or the end of resolving with the problem at that slot."""
    if isinstance(found, Problem):
        raise RefusedError(found if found.at or not at else replace(found, at=at))
    return found


def refuse_unsupported(capability: str, at: str = "", instead: str = "") -> RefusedError:
    """An answer that is not possible, by name, and what to ask instead."""
    told = f";{instead}" if instead else ""
    return RefusedError(Problem("unsupported", f"暂不支持{capability}{told}。", at, capability))
