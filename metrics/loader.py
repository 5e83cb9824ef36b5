"""A folder of definition files as one manifest, or findings that say why not."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from metrics.assemble.manifest import build_manifest
from metrics.assemble.source import Source
from metrics.certificate import in_force
from metrics.document import read_document
from metrics.finding import Finding, Findings, in_file_order
from metrics.lint import lint
from metrics.reading import read_entries
from metrics.references import check_references
from metrics.sound import sound_part
from semantic_layer.model import Location, Manifest


class Loaded(NamedTuple):
    """What a folder says: a manifest when nothing is wrong, and everything to know."""

    manifest: Manifest | None
    findings: tuple[Finding, ...]


def load(folder: Path, project: str = "") -> Loaded:
    """The definitions of a folder; `manifest` is None when any finding is an error."""
    findings = Findings()
    return loaded_from(_read(folder, findings), findings, project)


def loaded_from(sources: tuple[Source, ...], findings: Findings, project: str) -> Loaded:
    """The definitions of files that were read; `findings` holds what reading them found."""
    if findings.has_errors():
        return Loaded(None, in_file_order(findings))
    manifest = build_manifest(project, sources, findings)
    check_references(manifest, findings)
    sound = sound_part(manifest, findings) if findings.has_errors() else manifest
    findings.items.extend(lint(sound))
    if findings.has_errors():
        return Loaded(None, in_file_order(findings))
    return Loaded(in_force(manifest), in_file_order(findings))


def definition_files(folder: Path) -> tuple[Path, ...]:
    """The YAML files beneath a folder, in the order they are read."""
    found = [p for p in folder.rglob("*") if p.suffix in (".yml", ".yaml") and p.is_file()]
    shown = [p for p in found if not any(q.startswith(".") for q in p.relative_to(folder).parts)]
    return tuple(sorted(shown, key=lambda p: p.relative_to(folder).as_posix()))


def shown_name(folder: Path, path: Path) -> str:
    """How a definition file is called in findings: catalog/loan.yml."""
    return f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}"


def _read(folder: Path, findings: Findings) -> tuple[Source, ...]:
    if not folder.is_dir():
        findings.add(
            "M001",
            None,
            f"定义文件夹 {folder.resolve().name} 不存在。",
            "请检查 wenshu.toml 里 [project] 的 catalog。",
        )
        return ()
    paths = definition_files(folder)
    if not paths:
        findings.add(
            "M002",
            Location(folder.resolve().name, 1),
            f"文件夹 {folder.resolve().name} 里没有 .yml 或 .yaml 文件。",
            "请至少写一个定义文件。",
        )
    sources = (_source(path, folder, findings) for path in paths)
    return tuple(s for s in sources if s is not None)


def _source(path: Path, folder: Path, findings: Findings) -> Source | None:
    file = shown_name(folder, path)
    document = read_document(path, file, findings)
    entries = read_entries(document, findings) if document else None
    return Source(document, entries) if document and entries else None
