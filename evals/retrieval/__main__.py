"""`python -m evals.retrieval [--accept]`: recall without and with vectors, both halves."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.retrieve import Index
from evals.accept import assistant_on
from evals.retrieval import ASKER, BASELINE, HALVES, load_cases, measure, seal

BUILD_WAIT_S = 600.0
SPELLING = "spelling"


def main() -> int:
    """Prints the report; `--accept` keeps it as what may not fall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="store_true", help="writes the baseline")
    options = parser.parse_args()
    shares = measured()
    for way, found in shares.items():
        told = "、".join(f"{kind} {share:.1%}" for kind, share in found.items())
        sys.stdout.write(f"{way}:{told}\n")
    if options.accept:
        known = json.loads(BASELINE.read_text("utf-8")) if BASELINE.exists() else {}
        content = {**known, **shares, "seal": seal()}
        BASELINE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def measured() -> dict[str, Mapping[str, float]]:
    """`embedder/half` → kind → share, on the small bank."""
    import demo

    with TemporaryDirectory() as folder:
        bank = Path(folder) / "bank.duckdb"
        demo.build(bank, size="small")
        with assistant_on(bank, Path(folder) / "state.db") as assistant:
            kind = assistant.settings.embedding.kind
            index = assistant.index()
            found = shares_of(index.by_spelling(), SPELLING)
            return found | shares_of(index, kind) if index.ready(BUILD_WAIT_S) else found


def shares_of(index: Index, way: str) -> dict[str, Mapping[str, float]]:
    """The shares of both halves as the index finds now."""
    return {
        f"{way}/{half}": {
            recall.kind: round(recall.share, 4)
            for recall in measure(lambda text: index.search(text, ASKER), load_cases(half))
        }
        for half in HALVES
    }


if __name__ == "__main__":
    sys.exit(main())
