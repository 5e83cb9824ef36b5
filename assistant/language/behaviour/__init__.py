"""Questions about what people did: funnels, retention, paths and times between.

cut into events and words of sequence → kind by its cue → scope like any question → decide
"""

from assistant.language.behaviour.nearest import nearest_questions
from assistant.language.behaviour.read import Asked, read_behaviour

__all__ = ["Asked", "nearest_questions", "read_behaviour"]
