"""Faults of building, each in a process of its own: a full disk, Ctrl-C, a killed process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import demo
from demo.publish import refusal

BUILD = """
import resource, signal, sys
from pathlib import Path
import demo
signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background it is ignored
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
def tell(step, done, total):
    print(done, flush=True)
    if sys.argv[3:] and done == total - 1:
        sys.stdin.read()  # whoever wants to interrupt it comes before its end
try:
    demo.build(Path(sys.argv[1]), "small", customers=60, on_progress=tell)
except demo.BuildError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
"""


def start(output: Path, largest_file: int = 0, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(output), str(largest_file), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_step(process: subprocess.Popen[str], number: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= number:
            return
    raise AssertionError("the build ended early")


@pytest.fixture
def yesterday(tmp_path, yesterdays_bank):
    """A folder with a bank in it that must survive."""
    output = tmp_path / "bank.duckdb"
    yesterdays_bank(output)
    return output


@pytest.mark.parametrize("largest_file", [0x4000, 0x100000])
def test_a_disk_that_takes_no_more_is_one_sentence_and_leaves_nothing(yesterday, largest_file):
    _, told = (process := start(yesterday, largest_file)).communicate()
    assert process.returncode == 1
    assert told.count("\n") == 1
    assert f"演示库写不到 {yesterday}(超过允许的文件大小)" in told
    assert [yesterday] == list(yesterday.parent.iterdir())
    assert duckdb.connect(str(yesterday), read_only=True).execute(
        "SELECT value FROM demo_info"
    ).fetchone() == ("虚拟数据",)


@pytest.mark.parametrize(
    ("system", "told"),
    [
        ('Could not write file "x": No space left on device', "磁盘空间不足"),
        ("[Errno 13] Permission denied: 'x'", "没有写权限"),
        ("[Errno 30] Read-only file system: 'x'", "只读的文件系统"),
        ("something never seen", "系统拒绝写入"),
    ],
)
def test_what_the_system_says_is_told_in_chinese(system, told):
    sentence = str(refusal(Path("bank.duckdb"), system))
    assert sentence == f"演示库写不到 bank.duckdb({told}),请换一个可写且空间足够的位置。"


def test_ctrl_c_leaves_what_was_there_and_nothing_else(yesterday):
    process = start(yesterday, 0, "never ends")
    wait_for_step(process, 6)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == -signal.SIGINT
    assert list(yesterday.parent.iterdir()) == [yesterday]
    assert duckdb.connect(str(yesterday), read_only=True).execute(
        "SELECT value FROM demo_info"
    ).fetchone() == ("虚拟数据",)


def test_a_killed_build_is_never_served_and_the_next_build_sweeps_up(yesterday):
    process = start(yesterday, 0, "never ends")
    wait_for_step(process, 6)
    process.kill()
    process.communicate()
    left = {path.name for path in yesterday.parent.iterdir()}
    assert f".bank.duckdb.{process.pid}.building" in left
    assert duckdb.connect(str(yesterday), read_only=True).execute(
        "SELECT value FROM demo_info"
    ).fetchone() == ("虚拟数据",)

    built = demo.build(yesterday, "small", customers=60)
    assert list(yesterday.parent.iterdir()) == [yesterday]
    with duckdb.connect(str(yesterday), read_only=True) as con:
        told = dict(con.execute("SELECT key, value FROM demo_info").fetchall())
    assert told["row_hash"] == built.row_hash


def test_a_leftover_of_an_earlier_process_with_the_same_number_is_no_hindrance(tmp_path):
    (tmp_path / f".bank.duckdb.{os.getpid()}.building").write_text("half a bank")
    demo.build(tmp_path / "bank.duckdb", "small", customers=60)
    assert [path.name for path in tmp_path.iterdir()] == ["bank.duckdb"]
