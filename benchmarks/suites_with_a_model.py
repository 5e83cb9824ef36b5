"""All hand-written suites with models that mislead, fail or stay silent, beside the grammar alone.

Cases that the grammar answers never reach a model, so only the others are asked again. The server
is the scripted one of the tests. Ends with 1 where any case gets worse.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant
from assistant.locations import demo_project
from assistant.planners.llm import ladder
from evals.case import Result
from evals.runner import Run, run_suite
from evals.suite import Suite, load_suite

ROOT = Path(__file__).resolve().parents[1]
STUB = ROOT / "tests" / "assistant" / "model"
RANK = {"right": 2, "abstained": 1, "wrong": 0}
VERDICTS = ("right", "wrong", "abstained")


def main() -> int:
    """Prints one line for each behaviour."""
    sys.path[:0] = [str(STUB)]
    import stub_server as stub  # type: ignore[import-not-found]

    behaviours = {
        "不存在的名字": stub.wrong_names(),
        "乱填的草稿(1)": stub.wrong_meaning(1),
        "乱填的草稿(2)": stub.wrong_meaning(2),
        "像样但不对(1)": stub.takes_the_next_best(),
        "像样但不对(2)": stub.takes_the_next_best(1),
        "当作废话": stub.drops_the_unknown(),
        "SQL": stub.says("SELECT count(*) FROM dim_customer"),
        "500": stub.fails(500),
        "401": stub.fails(401),
        "不应答": stub.hangs(),
    }
    ladder.REST_S = 0.0  # every case waits: none is spared by the silence before it
    server = stub.StubServer(stub.answers({"cannot": "没有"}))
    suites = tuple(load_suite(file.stem) for file in sorted((ROOT / "evals/suites").glob("*.yml")))
    with TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "WENSHU_STATE_PATH": str(Path(folder) / "state.db"),
            "WENSHU_MODEL_BASE_URL": server.url,
            "WENSHU_MODEL_MAX_CALLS": "3",
            "WENSHU_MODEL_WAIT_S": "4",
        }
        assistant = Assistant.open(demo_project(), environment=environment)
        try:
            return _compared(assistant, server, suites, behaviours)
        finally:
            assistant.close()
            server.close()


def _compared(
    assistant: Assistant, server: Any, suites: Sequence[Suite], behaviours: dict[str, Any]
) -> int:
    alone = _results([run_suite(suite, assistant, "grammar") for suite in suites])
    print(f"| 只用内置规则 | {_counts(alone)} | | |")
    asked = _results([run_suite(suite, assistant) for suite in suites])
    units = {r.case.unit or r.case.id for r in asked.values() if r.model_use is not None}
    helped = [
        replace(s, cases=tuple(c for c in s.cases if (c.unit or c.id) in units)) for s in suites
    ]
    worst = 0
    for name, script in behaviours.items():
        server.script, before = script, len(server.calls)
        found = _results([run_suite(suite, assistant) for suite in helped if suite.cases])
        worse = [key for key, result in found.items() if _is_worse(alone[key], result)]
        told = sum(result.model_use is not None for result in found.values())
        print(f"| {name} | {_counts({**alone, **found})} | {told} | {len(server.calls) - before} |")
        print(*(f"变差:{key}" for key in worse), sep="\n", end="\n" if worse else "")
        worst += len(worse)
    return int(worst > 0)


def _results(runs: Sequence[Run]) -> dict[tuple[str, str, int | None], Result]:
    return {(run.suite, r.case.id, r.case.turn): r for run in runs for r in run.results}


def _counts(results: dict[Any, Result]) -> str:
    found = Counter(result.verdict for result in results.values())
    return " | ".join(str(found[verdict]) for verdict in VERDICTS)  # type: ignore[index]


def _is_worse(alone: Result, helped: Result) -> bool:
    return RANK[helped.verdict] < RANK[alone.verdict] or bool(helped.leaked)


if __name__ == "__main__":
    sys.exit(main())
