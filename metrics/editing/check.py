"""A folder of definitions with one file as a draft has it: what it would say, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from metrics.assemble.source import Source
from metrics.document import document_of, read_document
from metrics.editing.files import read_file
from metrics.finding import Finding, Findings
from metrics.loader import Loaded, definition_files, loaded_from, shown_name
from metrics.reading import read_entries


def load_with(folder: Path, drafts: Mapping[str, str], project: str = "") -> Loaded:
    """What `load` would say if the drafted files (path in the folder → text) were saved."""
    findings = Findings()
    sources = []
    for path in definition_files(folder):
        text = drafts.get(path.relative_to(folder).as_posix())
        source, found = _read(path, shown_name(folder, path), text)
        findings.items.extend(found)
        sources.append(source)
    read = tuple(source for source in sources if source is not None)
    return loaded_from(read, findings, project)


_Read: TypeAlias = tuple[Source | None, tuple[Finding, ...]]


def _read(path: Path, shown: str, text: str | None) -> _Read:
    if text is not None:
        return _known(shown, text)
    try:
        return _known(shown, read_file(path).text)
    except (OSError, UnicodeDecodeError):
        findings = Findings()
        read_document(path, shown, findings)
        return None, tuple(findings)


@lru_cache(maxsize=256)
def _known(shown: str, text: str) -> _Read:
    """Files that did not change since the last look are not read again."""
    findings = Findings()
    document = document_of(text, shown, findings)
    entries = read_entries(document, findings) if document else None
    source = Source(document, entries) if document and entries else None
    return source, tuple(findings)
