"""A file appears under its name only when it is complete."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from demo.errors import BuildError

REFUSED_BY_DISK: Final = (
    duckdb.IOException, duckdb.TransactionException, duckdb.FatalException
)  # fmt: skip
"""What the database raises when a write does not succeed; a commit fails for no other reason."""
REASONS: Final = {
    "No space left": "磁盘空间不足",
    "max_temp_directory_size": "磁盘空间不足",
    "File too large": "超过允许的文件大小",
    "quota": "磁盘配额已满",
    "Permission denied": "没有写权限",
    "Read-only file system": "只读的文件系统",
    "Not a directory": "上级不是文件夹",
    "No such file": "文件夹不存在",
    "File exists": "上级不是文件夹",
    "Input/output error": "磁盘读写出错",
}
"""Words of the system in what it says → the reason for the user."""


@contextmanager
def fresh_file(output: Path) -> Iterator[Path]:
    """A path beside `output`; moved onto `output` at the end, removed when interrupted."""
    with unwritable_means(output, OSError):
        prepare_folder(output)
        spare_what_is_not_ours(output)
    unfinished = output.with_name(f".{output.name}.{os.getpid()}.building")
    remove(unfinished)
    try:
        with unwritable_means(output, *REFUSED_BY_DISK):
            yield unfinished
        with unwritable_means(output, OSError):
            publish(unfinished, output)
    finally:
        remove(unfinished)


def spare_what_is_not_ours(output: Path) -> None:
    """Nothing but an earlier demonstration bank (or an empty file) is ever replaced."""
    if not output.exists() or output.stat().st_size == 0:
        return
    try:
        with duckdb.connect(str(output), read_only=True) as con:
            con.execute("SELECT value FROM demo_info WHERE key = 'mark'").fetchone()
    except (duckdb.IOException, duckdb.CatalogException) as error:
        raise BuildError(
            f"{output} 已存在,而且不是演示库,没有覆盖它。请换一个文件名,或先把它移走。"
        ) from error


@contextmanager
def unwritable_means(output: Path, *kinds: type[Exception]) -> Iterator[None]:
    """Turn the system's refusal to write into one sentence for the user."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        if not any(sign in str(error) for sign in REASONS):
            raise BuildError(
                f"内存不够,{output} 没有建成,请先关闭别的程序,或改建较小的规模。"
            ) from error
        raise refusal(output, str(error)) from error
    except kinds as error:
        raise refusal(output, str(error)) from error


def refusal(output: Path, told: str) -> BuildError:
    """Why the disk does not take the file, as far as the system says."""
    why = next((reason for sign, reason in REASONS.items() if sign in told), "系统拒绝写入")
    return BuildError(f"演示库写不到 {output}({why}),请换一个可写且空间足够的位置。")


def publish(unfinished: Path, output: Path) -> None:
    """Move the complete file to its name and wait until the disk has both."""
    flush_to_disk(unfinished)
    unfinished.replace(output)
    flush_to_disk(output.parent)


def prepare_folder(output: Path) -> None:
    """Make the folder and drop what builds that were killed left in it."""
    if output.is_dir():
        raise BuildError(f"{output} 是一个文件夹,请给出要生成的文件名,例如 {output}/bank.duckdb。")
    output.parent.mkdir(parents=True, exist_ok=True)
    for leftover in output.parent.glob(f".{output.name}.*.building"):
        owner = leftover.name.split(".")[-2]
        if owner.isdigit() and not is_running(int(owner)):
            remove(leftover)


def is_running(process: int) -> bool:
    """Whether the process that owns an unfinished file still lives."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def remove(path: Path) -> None:
    """Remove an unfinished database with its write-ahead log and spill folder."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)


def flush_to_disk(path: Path) -> None:
    """Wait until the file, or the folder's entry for it, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
