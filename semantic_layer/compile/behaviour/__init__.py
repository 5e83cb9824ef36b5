"""Funnels, retention, paths and intervals as one tree each: windows over one event log."""

from semantic_layer.compile.behaviour.funnel import chosen_actors
from semantic_layer.compile.behaviour.statement import BehaviourStatement, behaviour_statement

__all__ = ["BehaviourStatement", "behaviour_statement", "chosen_actors"]
