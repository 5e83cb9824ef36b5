"""What must outlive a process: conversations, audit, feedback, choices, definitions of the day."""

from assistant.state.audit_trail import AuditTrail, Entry, Recorded, Source, Wanted
from assistant.state.history import History, PastConversation, PastTurn
from assistant.state.sqlite_store import SqliteStore
from assistant.state.store import (
    Conversation,
    Edit,
    Export,
    Feedback,
    OpenOption,
    Purpose,
    Store,
    Turn,
)

__all__ = [
    "AuditTrail", "Conversation", "Edit", "Entry", "Export", "Feedback", "History", "OpenOption",
    "PastConversation", "PastTurn", "Purpose", "Recorded", "Source", "SqliteStore", "Store", "Turn",
    "Wanted",
]  # fmt: skip
