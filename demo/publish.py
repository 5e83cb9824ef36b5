"""A file appears under its name only when it is complete."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from demo.errors import BuildError


@contextmanager
def fresh_file(output: Path) -> Iterator[Path]:
    """A path beside `output`; moved onto `output` at the end, removed when interrupted."""
    with unwritable_means(output, OSError):
        prepare_folder(output)
    unfinished = output.with_name(f".{output.name}.{os.getpid()}.building")
    try:
        with unwritable_means(output, duckdb.IOException):
            yield unfinished
        with unwritable_means(output, OSError):
            publish(unfinished, output)
    finally:
        remove(unfinished)


@contextmanager
def unwritable_means(output: Path, kind: type[Exception]) -> Iterator[None]:
    """Turn the system's refusal to write into one sentence for the user."""
    try:
        yield
    except kind as error:
        why = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
        raise BuildError(f"演示库写不到 {output}({why}),请换一个可写且空间足够的位置。") from error


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
