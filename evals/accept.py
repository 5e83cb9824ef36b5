"""`python -m evals.accept [SUITE…]`: runs suites on the small bank, keeps the result to hold."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import Assistant
from assistant.locations import demo_project
from evals.baseline import BASELINES, save_baseline
from evals.report import summary_line
from evals.runner import run_suite
from evals.suite import load_suite, suite_names


@contextmanager
def assistant_on(bank: Path, state: Path) -> Iterator[Assistant]:
    """The demonstration project with another database file."""
    settings = {"WENSHU_DATABASE_PATH": str(bank), "WENSHU_STATE_PATH": str(state)}
    assistant = Assistant.open(demo_project(), environment={**os.environ, **settings})
    try:
        yield assistant
    finally:
        assistant.close()


def main(names: Sequence[str] = ()) -> None:
    """Rebuilds the baselines named (default: all)."""
    import demo

    with TemporaryDirectory() as folder:
        bank = Path(folder) / "bank.duckdb"
        demo.build(bank, size="small")
        with assistant_on(bank, Path(folder) / "state.db") as assistant:
            for name in names or suite_names():
                done = run_suite(load_suite(name), assistant)
                save_baseline(done, BASELINES / f"{name}.json")
                sys.stdout.write(summary_line(done) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
