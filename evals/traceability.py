"""`python -m evals.traceability`: writes which case proves which requirement."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from evals.suite import SUITES, load_suite, suite_names

SUBJECTS = Path(__file__).parent / "traced.yml"
DOCUMENT = Path(__file__).parent.parent / "docs" / "traceability.md"
_SECTIONS = {
    "requirements": "需求",
    "conventions": "报告约定",
    "hard_cases": "算数难例",
    "words": "歧义词",
}
_INTRO = """\
# 追溯表:哪道题验证哪条需求

由 `python -m evals.traceability` 从 `evals/suites/` 与 `evals/traced.yml` 生成,不要手改。
题写作“套件/编号”,对错以 `wenshu eval` 的报告为准。没有题的,写明由什么验收或为什么还不能问。
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that cases are traced to."""

    id: str
    name: str
    section: str
    priority: str = ""
    why: str = ""
    """Why no case proves it, or what proves it instead."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    name: str
    priority: str = ""
    why: str = ""


def subjects(path: Path = SUBJECTS) -> tuple[Subject, ...]:
    """Requirements, conventions, hard cases and ambiguous words, in the order of the file."""
    read = yaml.safe_load(path.read_text("utf-8"))
    sections = TypeAdapter(dict[str, list[_Row]]).validate_python(read)
    return tuple(
        Subject(row.id, row.name, section, row.priority, row.why)
        for section, rows in sections.items()
        for row in rows
    )


def traced_cases(folder: Path = SUITES) -> dict[str, tuple[str, ...]]:
    """For every id that cases name: the cases, conversations and intents, as suite/id."""
    found: dict[str, dict[str, None]] = {}
    for suite in (load_suite(name, folder) for name in suite_names(folder)):
        for case in suite.cases:
            for subject in case.requirement:
                found.setdefault(subject, {})[f"{suite.name}/{case.evidence}"] = None
    return {subject: tuple(cases) for subject, cases in found.items()}


def document(rows: Sequence[Subject], cases: Mapping[str, Sequence[str]]) -> str:
    """The table as Markdown, a section for each kind of subject."""
    parts = [_INTRO, *(_section(key, rows, cases) for key in _SECTIONS)]
    return "\n".join(parts)


def _section(key: str, rows: Iterable[Subject], cases: Mapping[str, Sequence[str]]) -> str:
    lines = [
        f"## {_SECTIONS[key]}",
        "",
        "| 编号 | 优先级 | 内容 | 题 | 说明 |",
        "|---|---|---|---|---|",
    ]
    own = [row for row in rows if row.section == key]
    return "\n".join([*lines, *_lines(own, cases), ""])


def _lines(rows: Iterable[Subject], cases: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for row in rows:
        proofs = "<br>".join(cases.get(row.id, ())) or "—"
        yield f"| {row.id} | {row.priority or '—'} | {row.name} | {proofs} | {row.why} |"


def main() -> None:
    """Writes the document again."""
    DOCUMENT.write_text(document(subjects(), traced_cases()), "utf-8")
    sys.stdout.write(f"{DOCUMENT.name}\n")


if __name__ == "__main__":
    main()
