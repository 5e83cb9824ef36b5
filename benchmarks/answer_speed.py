"""How fast answers are on the demonstration bank: a cold process, a warm assistant, the bare SQL.

`make bench` prints the report; `make bench OUT=docs` writes it.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb
from report import Report, ReportedRatio, Spread

from assistant import Answer, Assistant
from assistant.build_world import PROBE_ROWS, open_engine
from assistant.dimension_values import find_values
from assistant.language.lexicon import Lexicon
from assistant.locations import demo_project
from semantic_layer.calendars import bank_calendar
from semantic_layer.engines import Limits
from semantic_layer.snapshot import Snapshot

QUESTIONS = Path(__file__).with_name("questions.txt")
COLD_QUESTION = "上个月各分行新增客户数是多少"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, asked once in each round."""

    question: str
    answers: tuple[Answer, ...]

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """Whole answers, round by round."""
        return tuple(timings(answer)["total"] for answer in self.answers)


def main() -> None:
    """Measures everything in one run and prints or writes the report."""
    options = arguments()
    questions = read_questions(QUESTIONS)[: options.questions]
    with tempfile.TemporaryDirectory() as folder:
        environment = without_memory(os.environ, folder)
        report = measure(environment, questions, options.cold, options.rounds)
    if options.output:
        Path(options.output).write_text(report.markdown(), encoding="utf-8")
    else:
        print(report.markdown(), end="")


def arguments() -> argparse.Namespace:
    """How often to repeat, and where to write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", type=int, default=7, help="cold processes")
    parser.add_argument("--rounds", type=int, default=5, help="times each question is asked")
    parser.add_argument("--questions", type=int, default=1000, help="only the first so many")
    parser.add_argument("--output", help="file to write the report to")
    return parser.parse_args()


def read_questions(file: Path) -> list[str]:
    """One per line; lines with # are remarks."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def measure(
    environment: Mapping[str, str], questions: Sequence[str], cold: int, rounds: int
) -> Report:
    """All figures of one report, taken one after another on one machine."""
    busy = os.getloadavg()[0]
    ask = [str(Path(sys.executable).with_name("wenshu")), "ask", COLD_QUESTION]
    bare_imports = [sys.executable, "-c", "import duckdb, sqlglot, typer"]
    first_ever = run_process(ask, environment)
    imports, processes = alternating(
        lambda: run_process(bare_imports, environment),
        lambda: run_process(ask, environment),
        cold,
    )
    never_opened, opened_before, lexicon = openings(environment, 3)
    assistant = Assistant.open(demo_project(), environment=environment)
    bank = dict(assistant.demonstration())
    asked = ask_all(assistant, questions, rounds)
    database = assistant.database
    assistant.close()

    answered = [a for a in asked if a.answers[0].outcome == "answer"]
    return Report(
        versions=f"Python {platform.python_version()},DuckDB {duckdb.__version__},"
        f"sqlglot {version('sqlglot')},{os.cpu_count()} 核",
        busy=busy,
        bank=f"{bank.get('size', '?')} 规模,随机种子 {bank.get('seed', '?')}",
        asked=len(asked),
        answered=len(answered),
        rounds=rounds,
        imports=Spread.of(imports),
        cold=Spread.of(processes),
        first_ever=Spread.of([first_ever]),
        never_opened=Spread.of(never_opened),
        opened_before=Spread.of(opened_before),
        lexicon=Spread.of(lexicon),
        first=Spread.of([a.milliseconds[0] for a in answered]),
        again=Spread.of([ms for a in answered for ms in a.milliseconds[1:]]),
        doubtful=Spread.of([ms for a in asked if a not in answered for ms in a.milliseconds]),
        stations=station_spreads(answered),
        slowest=max(answered, key=lambda a: statistics.median(a.milliseconds)).question,
        bare_sql=against_bare_sql(answered, database, rounds),
    )


def alternating(
    first: Callable[[], float], second: Callable[[], float], times: int
) -> tuple[list[float], list[float]]:
    """Both measured in turn, so that a busy moment of the machine meets both."""
    pairs = [(first(), second()) for _ in range(times)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def run_process(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Milliseconds from start to end of a process."""
    return timed(lambda: subprocess.run(command, env=environment, check=True, capture_output=True))


def openings(
    environment: Mapping[str, str], times: int
) -> tuple[list[float], list[float], list[float]]:
    """Up to the first question: never opened, opened before; and the lexicon alone."""
    never, before, lexicon = [], [], []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            private = without_memory(environment, folder)
            never.append(timed(lambda e=private: open_and_close(e)))  # type: ignore[misc]
            before.append(timed(lambda e=private: open_and_close(e)))  # type: ignore[misc]
        lexicon.append(lexicon_building(environment))
    return never, before, lexicon


def without_memory(environment: Mapping[str, str], folder: str) -> dict[str, str]:
    """An environment in which the product has never been used."""
    places = dict.fromkeys(("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), folder)
    return {**environment, **places, "WENSHU_STATE_PATH": str(Path(folder) / "state.db")}


def open_and_close(environment: Mapping[str, str]) -> None:
    """Definitions, data dates, values and lexicon are there."""
    assistant = Assistant.open(demo_project(), environment=environment)
    assistant.snapshot()
    assistant.close()


def lexicon_building(environment: Mapping[str, str]) -> float:
    """The words of the definitions and of the data become an automaton."""
    assistant = Assistant.open(demo_project(), environment=environment)
    engine = open_engine(assistant.database, assistant.settings)
    bare = Snapshot(assistant.manifest, date.max, {}, {}, bank_calendar(), engine.schema())
    values = find_values(bare, lambda tree: engine.run(tree, Limits(max_result_rows=PROBE_ROWS)))
    engine.close()
    assistant.close()
    return timed(lambda: Lexicon.build(bare.manifest, values))


def ask_all(assistant: Assistant, questions: Sequence[str], rounds: int) -> list[Asked]:
    """Every question once per round, so that none has just been asked."""
    assistant.snapshot()
    told = [[assistant.ask(question) for question in questions] for _ in range(rounds)]
    return [
        Asked(q, answers) for q, answers in zip(questions, zip(*told, strict=True), strict=True)
    ]


def station_spreads(asked: Sequence[Asked]) -> dict[str, Spread | None]:
    """Milliseconds per station of the journey."""
    samples = [timings(answer) for one in asked for answer in one.answers]
    return {name: Spread.of([s[name] for s in samples]) for name in samples[0]}


def against_bare_sql(asked: Sequence[Asked], database: Path, rounds: int) -> ReportedRatio:
    """Whole answers against nothing but running their main statement, question by question."""
    bare = []
    with duckdb.connect(str(database), read_only=True) as connection:
        for one in asked:
            sql = one.answers[0].sql or ""
            runs = [
                timed(lambda s=sql: connection.execute(s).fetchall())  # type: ignore[misc]
                for _ in range(rounds)
            ]
            bare.append(statistics.median(runs))
    whole = [statistics.median(one.milliseconds) for one in asked]
    return ReportedRatio(
        Spread.of(bare), Spread.of([w / b for w, b in zip(whole, bare, strict=True)])
    )


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that the work takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def timings(answer: Answer) -> Mapping[str, float]:
    """What the answer says of its own time."""
    assert answer.timings_ms is not None, answer.question
    return answer.timings_ms


if __name__ == "__main__":
    main()
