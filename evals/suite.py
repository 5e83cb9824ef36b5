"""Suites: YAML files of cases, read with file and line for every complaint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from evals.case import Case
from evals.suite_edge import SuiteEdge

SUITES = Path(__file__).parent / "suites"


class SuiteError(Exception):
    """A suite that cannot be read; the text is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases that are run and reported together."""

    name: str
    title: str
    as_of: date
    cases: tuple[Case, ...]
    """Turns of a conversation stand one after another."""
    hash: str = ""
    """Of the file's text: says which cases a report is about."""
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By user: SQL of the names that no answer may hold."""


def suite_names(folder: Path = SUITES) -> tuple[str, ...]:
    """Names of the suites in a folder."""
    return tuple(sorted(path.stem for path in folder.glob("*.yml")))


def load_suite(name: str, folder: Path = SUITES) -> Suite:
    """One suite by name; SuiteError says what is wrong with it and where."""
    path = folder / f"{name}.yml"
    if not path.is_file():
        raise SuiteError(f"没有评测套件“{name}”。现有套件:{'、'.join(suite_names(folder)) or '无'}")
    text = path.read_text("utf-8")
    try:
        read = SuiteEdge.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise SuiteError(f"{path.name} 不是合法的 YAML:{str(error).splitlines()[0]}") from error
    except ValidationError as error:
        raise SuiteError(_sentence(path.name, error)) from error
    cases = _cases(read, path.name, text.splitlines())
    _check(cases, path.name)
    hidden = {user: tuple(sql.names) for user, sql in read.hidden.items()}
    digest = sha256(text.encode()).hexdigest()[:16]
    return Suite(read.suite, read.title, read.as_of, cases, digest, hidden)


def _cases(read: SuiteEdge, file: str, lines: list[str]) -> tuple[Case, ...]:
    return tuple(
        replace(case, file=file, line=_line_of(unit.id, lines))
        for unit in read.units()
        for case in unit.read()
    )


def _line_of(case_id: str, lines: list[str]) -> int:
    return next((n for n, text in enumerate(lines, 1) if text.strip() == f"- id: {case_id}"), 0)


def _check(cases: tuple[Case, ...], file: str) -> None:
    if not cases:
        raise SuiteError(f"{file} 里没有题:请写 cases、conversations 或 intents")
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise SuiteError(f"{file}:{case.line} 用例编号“{case.id}”重复,请改名")
        seen.add(case.id)
        if (case.outcome == "answer") != bool(case.any_of):
            raise SuiteError(
                f"{file}:{case.line} 用例“{case.id}”:期望 answer 时要给 any_of,其他结局不要给"
            )


def _sentence(file: str, error: ValidationError) -> str:
    first: Any = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{file} 的 {where} 写得不对:{first['msg']}"
