"""Funnels, retention, paths and intervals as one tree each: windows over one event log."""

from semantic_layer.compile.behaviour.funnel import dropouts
from semantic_layer.compile.behaviour.statement import BehaviourStatement, behaviour_statement

__all__ = ["BehaviourStatement", "behaviour_statement", "dropouts"]
