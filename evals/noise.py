"""`python -m evals.noise`: a question garbled as people garble it reads the same, or not at all.

Kept apart from the suites: the noise is generated, from a seed, and needs no gold. What is read
without the noise is the measure; another query with it is a mistake, an abstention is none.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Literal, Protocol

import opencc

from assistant import Assistant
from evals.case import Case
from evals.suite import Suite, load_suite, suite_names
from evals.units import same_query

EXIT_FINE, EXIT_FINDINGS = 0, 5
Outcome = Literal["same", "abstained", "changed"]
_WORDS = {"same": "同一查询", "abstained": "弃答", "changed": "读成别的"}
_BEFORE = ("请问", "麻烦帮我查一下", "帮我看下", "我想知道", "那个,", "嗯,", "领导要看,", "查一下")
_AFTER = ("谢谢", "呢", "呀", "哈", "啦", "?", "。", "!!", "~", ",急", "来着")
_ENDS = "?\uff1f\u3002"
_SOUNDS = dict(zip("额款贷率销户占投诉资余增", "鄂宽代律消护站头述姿于曾", strict=True))
"""One character typed for another that sounds the same."""
_MEANING = set(
    "零一二三四五六七八九十百千万亿年月日季旬周天上下前后近不未没无除非去末初半各每至到低高"
)
"""Touched, these say something else: that would be no noise."""


def _before(text: str, random: Random) -> str:
    return random.choice(_BEFORE) + text


def _after(text: str, random: Random) -> str:
    return text.rstrip(_ENDS) + random.choice(_AFTER)


def _full_width(text: str, random: Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def _traditional(text: str, random: Random) -> str:
    return str(_to_traditional().convert(text))


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _case(text: str, random: Random) -> str:
    return text.swapcase()


def _spaced(text: str, random: Random) -> str:
    at = [i for i in range(1, len(text)) if not (text[i - 1].isascii() and text[i].isascii())]
    return text if not at else _inserted(text, random.choice(at), " ")


def _doubled(text: str, random: Random) -> str:
    at = _plain(text)
    return text if not at else _inserted(text, i := random.choice(at), text[i])


def _misheard(text: str, random: Random) -> str:
    at = [i for i, c in enumerate(text) if c in _SOUNDS]
    if not at:
        return text
    i = random.choice(at)
    return text[:i] + _SOUNDS[text[i]] + text[i + 1 :]


def _swapped(text: str, random: Random) -> str:
    plain = set(_plain(text))
    at = [i for i in plain if i + 1 in plain]
    if not at:
        return text
    i = random.choice(sorted(at))
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def _inserted(text: str, at: int, what: str) -> str:
    return text[:at] + what + text[at:]


def _plain(text: str) -> list[int]:
    """Places of Chinese characters that carry no time, number or negation."""
    return [i for i, c in enumerate(text) if "一" <= c <= "鿿" and c not in _MEANING]


KINDS: Mapping[str, Callable[[str, Random], str]] = {
    "开头的客气话": _before,
    "句末的语气": _after,
    "全角": _full_width,
    "繁体": _traditional,
    "大小写": _case,
    "多打空格": _spaced,
    "多打一字": _doubled,
    "同音错字": _misheard,
    "两字颠倒": _swapped,
}
HARMLESS = ("开头的客气话", "句末的语气", "全角", "繁体", "大小写", "多打空格")
"""Nothing of the question is lost: another query would be the reader's fault alone."""


class Reads(Protocol):
    """What tells the SQL of a question; the assistant."""

    def sql(self, text: str, user: str | None = None, as_of: date | None = None, /) -> object:
        """An answer object with `sql`."""
        ...


@dataclass(frozen=True, slots=True)
class Garbled:
    """One question with one noise, and what became of it."""

    case: str
    kind: str
    ask: str
    said: str
    outcome: Outcome


def garbled(case: Case, seed: int) -> Iterator[tuple[str, str]]:
    """Kind and text of every noise that changes the question's letters."""
    for kind, noise in KINDS.items():
        said = noise(case.ask, Random(f"{seed}/{case.id}/{kind}"))  # noqa: S311
        if said != case.ask:
            yield kind, said


def questions(suites: Iterable[Suite]) -> Iterator[tuple[Case, date]]:
    """Single questions with an answer, with their day; of an intent its first way."""
    seen: set[str] = set()
    for suite in suites:
        for case in suite.cases:
            if case.any_of and not case.turn and case.evidence not in seen:
                seen.add(case.evidence)
                yield case, case.as_of or suite.as_of


def run_noise(
    asked: Iterable[tuple[Case, date]], assistant: Reads, seed: int
) -> tuple[Garbled, ...]:
    """Every question that is read, garbled in every way."""
    return tuple(
        Garbled(case.id, kind, case.ask, said, _outcome(plain, _sql(said, case, day, assistant)))
        for case, day in asked
        if (plain := _sql(case.ask, case, day, assistant))
        for kind, said in garbled(case, seed)
    )


def _sql(text: str, case: Case, day: date, assistant: Reads) -> str:
    return str(getattr(assistant.sql(text, case.user, day), "sql", None) or "")


def _outcome(plain: str, noisy: str) -> Outcome:
    if not noisy:
        return "abstained"
    return "same" if same_query(plain, noisy) else "changed"


def noise_report(found: Sequence[Garbled]) -> str:
    """Counts by kind, then every question that was read as another."""
    counts = Counter((g.kind, g.outcome) for g in found)
    lines = ["| 噪声 | " + " | ".join(_WORDS.values()) + " |", "|---|---|---|---|"]
    lines += [
        f"| {kind} | " + " | ".join(str(counts[kind, outcome]) for outcome in _WORDS) + " |"  # type: ignore[index]
        for kind in KINDS
    ]
    lines += [f"- 读成别的:{g.case}“{g.said}”(原为“{g.ask}”)" for g in _changed(found)]
    return "\n".join(lines) + "\n"


def _changed(found: Iterable[Garbled]) -> list[Garbled]:
    return [g for g in found if g.outcome == "changed"]


def main(arguments: Sequence[str]) -> int:
    """Runs the noise over suites and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.noise")
    parser.add_argument("suites", nargs="*", default=suite_names())
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    assistant = Assistant.demo()
    try:
        asked = questions(load_suite(name) for name in options.suites)
        found = run_noise(asked, assistant, options.seed)
    finally:
        assistant.close()
    sys.stdout.write(noise_report(found))
    return EXIT_FINDINGS if _changed(found) else EXIT_FINE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
