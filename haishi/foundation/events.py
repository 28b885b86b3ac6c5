"""Domain events: facts that one module states and higher modules may react to."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Subscriber = Callable[[Any], None]
TYPES: dict[str, type["Event"]] = {}
SUBSCRIBERS: dict[str, dict[str, Subscriber]] = defaultdict(dict)
EVERYTHING = "*"


@dataclass(frozen=True)
class Event:
    """Something that happened. Ids and plain values only; named in the past tense.

    A subclass that firms may receive by webhook sets `public = True` and carries `organisation_id`,
    or `organisation_ids` when it concerns several.
    """

    def __init_subclass__(cls) -> None:
        TYPES[cls.label()] = cls

    @classmethod
    def label(cls) -> str:
        """`module.ClassName`, stable: it is stored, sent to webhooks and named in docs."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"

    @classmethod
    def is_public(cls) -> bool:
        """Whether webhooks may carry this fact to the organisation it concerns."""
        return bool(getattr(cls, "public", False))


def _name(function: Subscriber) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def subscribe(*event_types: type[Event]) -> Callable[[Subscriber], Subscriber]:
    """Call the function for every one of `event_types`, after commit, at least once."""

    def register(function: Subscriber) -> Subscriber:
        for event_type in event_types:
            SUBSCRIBERS[event_type.label()][_name(function)] = function
        return function

    return register


def subscribe_to_everything(function: Subscriber) -> Subscriber:
    """Call the function for every fact of every module (webhooks, metrics)."""
    SUBSCRIBERS[EVERYTHING][_name(function)] = function
    return function


def subscribers_of(label: str) -> dict[str, Subscriber]:
    """{name: function} of all that listen to `label`."""
    return {**SUBSCRIBERS[label], **SUBSCRIBERS[EVERYTHING]}
