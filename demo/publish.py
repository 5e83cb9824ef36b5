"""A file appears under its name only when it is complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from demo.errors import BuildError


@contextmanager
def fresh_file(output: Path) -> Iterator[Path]:
    """A path beside `output` to write to; moved onto `output` at the end, removed if interrupted."""
    unfinished = output.with_name(f".{output.name}.{os.getpid()}.building")
    try:
        prepare_folder(output)
        remove(unfinished)
        yield unfinished
        flush_to_disk(unfinished)
        unfinished.replace(output)
        flush_to_disk(output.parent)
    except (OSError, duckdb.IOException) as error:
        raise BuildError(
            f"演示库写不到 {output}({reason(error)}),请换一个可写且空间足够的位置。"
        ) from error
    finally:
        remove(unfinished)


def prepare_folder(output: Path) -> None:
    """Make the folder and drop what builds that were killed left in it."""
    if output.is_dir():
        raise BuildError(f"{output} 是一个文件夹,请给出要生成的数据库文件名,例如 {output}/bank.duckdb。")
    output.parent.mkdir(parents=True, exist_ok=True)
    for leftover in output.parent.glob(f".{output.name}.*.building"):
        if not is_running(int(leftover.name.split(".")[-2])):
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
    """Remove an unfinished database and its write-ahead log."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def flush_to_disk(path: Path) -> None:
    """Wait until the file, or the folder's entry for it, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reason(error: Exception) -> str:
    """The system's own words, short."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.splitlines()[0]
