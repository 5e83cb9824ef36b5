"""`validate --live` finds the planted faults of the demonstration bank, and nothing else."""

from __future__ import annotations

from pathlib import Path

from assistant import Assistant

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    ("V103", "transactions", 10),
    ("V201", "transactions.customer", 12),
    ("V201", "transactions.txn_org", 6),
    ("V402", "transactions", 5),
    ("V404", "aum_days.aum_org", 1),
    ("V404", "balance_days.balance_org", 1),
}


def test_planted_faults_are_found_and_known(demo_small: Path, tmp_path: Path) -> None:
    environment = {
        "WENSHU_DATABASE_PATH": str(demo_small),
        "WENSHU_STATE_PATH": str(tmp_path / "state.db"),
    }
    assistant = Assistant.open(ROOT / "demo" / "project", environment=environment)
    report = assistant.validate(max_seconds=3600)
    assistant.close()
    told = {(f.code, f.subject, f.count) for f in report.findings if f.level != "note"}
    assert told == PLANTED
    assert (report.counting, report.skipped, report.outdated) == ((), (), ())
