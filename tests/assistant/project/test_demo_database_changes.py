"""The demonstration bank is built anew, or is older than its definitions, while people ask."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import demo
from assistant import Assistant

REPOSITORY = Path(__file__).resolve().parents[3]
FEW = 60
DEPOSITS = "上个月末存款余额"
DEPOSITS_SQL = (
    "SELECT sum(end_balance) FROM fact_balance "
    "WHERE product_line = '存款' AND month_end = '2026-10-31'"
)


@pytest.fixture(scope="module")
def few_customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank to be copied."""
    built = tmp_path_factory.mktemp("few") / "bank.duckdb"
    return demo.build(built, "small", customers=FEW).path


@pytest.fixture
def bank_folder(tmp_path: Path, few_customers: Path) -> Path:
    """A project of its own over the definitions of the demonstration, with few customers."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copytree(REPOSITORY / "metrics" / "catalog", folder / "catalog")
    settings = (REPOSITORY / "demo" / "project" / "wenshu.toml").read_text("utf-8")
    settings = settings.replace("../../metrics/catalog", "catalog")
    (folder / "wenshu.toml").write_text(settings, encoding="utf-8")
    shutil.copyfile(few_customers, folder / "bank.duckdb")
    return folder


@pytest.fixture
def bank_assistant(bank_folder: Path) -> Iterator[Assistant]:
    assistant = Assistant.open(bank_folder, environment={}, debug=True)
    yield assistant
    assistant.close()


def deposits_in(file: Path) -> tuple[tuple[Decimal, ...], ...]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return tuple(connection.execute(DEPOSITS_SQL).fetchall())


def make_older(bank_file: Path, *statements: str) -> None:
    with duckdb.connect(str(bank_file)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_question_in_flight_ends_on_the_old_bank_and_the_next_reads_the_new_one(
    bank_assistant: Assistant,
) -> None:
    bank_file = bank_assistant.database
    before = deposits_in(bank_file)
    rebuilt: list[str] = []

    def rebuild_in_between(event: object) -> None:
        if getattr(event, "station", "") == "run" and not rebuilt:
            rebuilt.append(demo.build(bank_file, "small", seed=7, customers=FEW + 20).row_hash)

    in_flight = bank_assistant.ask(DEPOSITS, on_event=rebuild_in_between)
    after = deposits_in(bank_file)
    following = bank_assistant.ask(DEPOSITS)

    assert rebuilt
    assert before != after
    assert (in_flight.rows, following.rows) == (before, after)
    assert in_flight.snapshot != following.snapshot
    assert bank_assistant.demonstration()["row_hash"] == rebuilt[0]


def test_a_build_that_fails_leaves_the_served_bank_as_it_was(bank_assistant: Assistant) -> None:
    bank_file = bank_assistant.database
    before = bank_assistant.ask(DEPOSITS)

    def stop(_step: str, done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.build(bank_file, "small", seed=7, customers=FEW, on_progress=stop)
    after = bank_assistant.ask(DEPOSITS)
    assert (after.rows, after.snapshot) == (before.rows, before.snapshot)


@pytest.mark.parametrize(
    ("question", "older", "missing"),
    [
        ("上个月贷款申请笔数", "DROP TABLE fact_loan_apply", "表 fact_loan_apply"),
        ("上个月末AUM", "ALTER TABLE fact_cust_month DROP COLUMN aum_end", "列 aum_end"),
    ],
)
def test_a_bank_older_than_its_definitions_says_what_it_lacks_and_how_to_mend_it(
    bank_folder: Path, question: str, older: str, missing: str
) -> None:
    make_older(bank_folder / "bank.duckdb", older)
    assistant = Assistant.open(bank_folder, environment={}, debug=True)
    answer = assistant.ask(question)
    assert (answer.outcome, answer.code, answer.exit_code) == ("error", "tables_mismatch", 1)
    assert answer.message is not None
    assert missing in answer.message
    assert answer.message.endswith("演示库可用 wenshu demo build 重新生成。")
    assert "\n" not in answer.message
    assert assistant.ask(DEPOSITS).rows == deposits_in(bank_folder / "bank.duckdb")
    assistant.close()


def test_what_one_table_lacks_is_not_blamed_for_the_failure_of_another(bank_folder: Path) -> None:
    make_older(
        bank_folder / "bank.duckdb",
        "DROP TABLE fact_loan_apply",
        "ALTER TABLE fact_cust_month DROP COLUMN aum_end",
    )
    assistant = Assistant.open(bank_folder, environment={}, debug=True)
    told = assistant.ask("上个月末AUM").message or ""
    assert "aum_end" in told
    assert "fact_loan_apply" not in told
    assistant.close()
