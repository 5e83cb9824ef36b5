"""What keeps a project from answering at all.

ProjectError (code, one Chinese sentence with what to do next)
├── SettingsError       wenshu.toml or an environment variable
├── DefinitionsError    no usable definitions
├── DatabaseError       missing, locked, corrupt, or without the tables
└── AuditError          an answer could not be recorded
"""

from __future__ import annotations

from typing import ClassVar

from assistant.outcomes import AnswerCode


class ProjectError(Exception):
    """A sentence for the user, with its code."""

    default_code: ClassVar[AnswerCode] = "project_missing"

    def __init__(self, message: str, code: AnswerCode | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code: AnswerCode = code or self.default_code


class SettingsError(ProjectError):
    """A setting that is unknown, of the wrong type or impossible."""

    default_code = "settings_invalid"


class DefinitionsError(ProjectError):
    """Definition files that do not load, and nothing good loaded before."""

    default_code = "definitions_invalid"


class DatabaseError(ProjectError):
    """A database that cannot be read as the definitions expect."""

    default_code = "database_missing"


class AuditError(ProjectError):
    """An answer that could not be written down; it is not shown."""

    default_code = "audit"
