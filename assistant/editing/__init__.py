"""Definitions changed by their owners: tried before, written down after."""

from assistant.editing.editor import Checked, Editor, NotSavedError, Saved, subject_of
from assistant.editing.preview import Preview, PreviewRow

__all__ = ["Checked", "Editor", "NotSavedError", "Preview", "PreviewRow", "Saved", "subject_of"]
