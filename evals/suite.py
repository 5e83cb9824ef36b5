"""Suites: YAML files of cases, read with file and line for every complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.case import Case, ExpectedOutcome, Gold, Slots, Split

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
    hash: str = ""
    """Of the file's text: says which cases a report is about."""


class _Edge(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Slots(_Edge):
    metrics: list[str] | None = None
    groups: list[str] | None = None
    period: tuple[date, date] | None = None


class _Gold(_Edge):
    sql: str
    slots: _Slots = Field(default_factory=_Slots)
    must_state: list[str] = []
    totals: str | None = None
    ordered: bool = False


class _Case(_Edge):
    id: str
    ask: str
    domain: str
    shape: str
    outcome: ExpectedOutcome = "answer"
    any_of: list[_Gold] = []
    codes: list[str] = []
    accept: list[str] = []
    options: list[str] = []
    must_not_say: list[str] = []
    requirement: list[str] = []
    user: str | None = None
    as_of: date | None = None
    split: Split = "dev"


class _Suite(_Edge):
    suite: str
    title: str
    as_of: date
    cases: list[_Case]


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
        read = _Suite.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise SuiteError(f"{path.name} 不是合法的 YAML:{str(error).splitlines()[0]}") from error
    except ValidationError as error:
        raise SuiteError(_sentence(path.name, error)) from error
    lines = text.splitlines()
    cases = tuple(_case(c, path.name, _line_of(c.id, lines)) for c in read.cases)
    _check(cases, path.name)
    digest = sha256(text.encode()).hexdigest()[:16]
    return Suite(read.suite, read.title, read.as_of, cases, digest)


def _case(read: _Case, file: str, line: int) -> Case:
    return Case(
        id=read.id,
        ask=read.ask,
        domain=read.domain,
        shape=read.shape,
        outcome=read.outcome,
        any_of=tuple(_gold(g) for g in read.any_of),
        codes=tuple(read.codes),
        accept=tuple(read.accept),
        options=tuple(read.options),
        must_not_say=tuple(read.must_not_say),
        requirement=tuple(read.requirement),
        user=read.user,
        as_of=read.as_of,
        split=read.split,
        file=file,
        line=line,
    )


def _gold(read: _Gold) -> Gold:
    slots = read.slots
    return Gold(
        sql=read.sql,
        slots=Slots(
            metrics=None if slots.metrics is None else tuple(slots.metrics),
            groups=None if slots.groups is None else tuple(slots.groups),
            period=slots.period,
        ),
        must_state=tuple(read.must_state),
        totals=read.totals,
        ordered=read.ordered,
    )


def _line_of(case_id: str, lines: list[str]) -> int:
    return next((n for n, text in enumerate(lines, 1) if text.strip() == f"- id: {case_id}"), 0)


def _check(cases: tuple[Case, ...], file: str) -> None:
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
