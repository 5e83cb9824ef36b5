"""Events: what was done, by whom and when, as the rows of a dataset tell it."""

from __future__ import annotations

from dataclasses import dataclass

from semantic_layer.model.governance import Location


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in the rows of a dataset: 客户, 访客, 贷款申请."""

    name: str
    """Id of the entity; the same name in two datasets is the same kind of actor."""
    field: str
    """Column that holds the actor's key; a row without it is nobody's event."""
    label: str
    unit: str = "户"
    person: bool = True
    """False: several of them may be one person, so they say nothing of small groups."""
    not_in: tuple[str, ...] = ()
    """Events that happen before there is such an actor: 进入注册页 knows no customer yet."""


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event that has no column of its own: 放款 = a row whose disburse date is set."""

    name: str
    label: str
    at: str
    """Date or time field; a row without it is no such event."""
    filter: str | None = None
    """Scalar SQL over the dataset's fields."""
    synonyms: tuple[str, ...] = ()
    description: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class EventLog:
    """How the rows of a dataset are read as events."""

    by: tuple[Actor, ...]
    """The first is meant when nobody is named."""
    at: str | None = None
    """Moment of the events in `field`; None: the dataset's time."""
    field: str | None = None
    """Field whose governed values are the names of events."""
    session: str | None = None
    """Column that says which events belong to one visit."""
    detail: str | None = None
    """Field that tells steps of a path apart within one event: 页面."""
    named: tuple[NamedEvent, ...] = ()

    def actor(self, name: str) -> Actor | None:
        """The actor of that name, if the rows have one."""
        return next((actor for actor in self.by if actor.name == name), None)
