"""Which files an engine has open, and whether they are still the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Identity of a file's content as the file system tells it."""

    path: Path
    device: int
    inode: int
    modified_ns: int
    size: int


def stamp_files(paths: tuple[Path, ...]) -> tuple[FileStamp, ...]:
    """One stamp per file that exists."""
    return tuple(stamp for path in paths if (stamp := _stamp(path)) is not None)


def _stamp(path: Path) -> FileStamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return FileStamp(path, status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)
