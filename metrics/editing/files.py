"""A definition file on disk: read with its fingerprint, replaced in one step."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file said when it was read."""

    text: str
    hash: str
    has_bom: bool = False


class ConflictError(Exception):
    """The file is no longer what the change was made from."""

    def __init__(self, now: FileText) -> None:
        super().__init__("文件在此期间被改过")
        self.now = now


def read_file(path: Path) -> FileText:
    """The file as it is now."""
    content = path.read_bytes()
    text = content.removeprefix(BOM).decode("utf-8")
    return FileText(text, sha256(content).hexdigest(), content.startswith(BOM))


def hash_of(text: str, has_bom: bool = False) -> str:
    """The fingerprint of a file that says this."""
    return sha256(_content(text, has_bom)).hexdigest()


def is_writable(path: Path) -> bool:
    """Whether the file could be replaced."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def replace_file(
    path: Path, base: FileText, text: str, note: Callable[[Callable[[], None]], None]
) -> None:
    """Puts the text in the place of `base`, whole or not at all; ConflictError when it changed.

    `note` is given the last step and does it together with writing it down.
    """
    with _alone(path.parent):
        now = read_file(path)
        if now.hash != base.hash:
            raise ConflictError(now)
        fresh = _beside(path, _content(text, base.has_bom))
        try:
            note(lambda: _publish(fresh, path))
        finally:
            fresh.unlink(missing_ok=True)


def restore_file(path: Path, base: FileText) -> None:
    """The file as it was."""
    _publish(_beside(path, _content(base.text, base.has_bom)), path)


def _content(text: str, has_bom: bool) -> bytes:
    return (BOM if has_bom else b"") + text.encode("utf-8")


def _beside(path: Path, content: bytes) -> Path:
    """A complete file in the same folder that no reader takes for a definition."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(path.stat().st_mode & 0o7777)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _publish(fresh: Path, path: Path) -> None:
    fresh.replace(path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other of our processes or threads writes into the folder meanwhile."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
