"""What other modules contribute: things to show, panels under them, subjects, outcomes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from haishi.foundation.errors import NotFound
from haishi.foundation.types import Actor
from haishi.live.types import (
    OutcomeKind,
    Panel,
    PanelSource,
    Subject,
    SubjectKind,
    Thing,
    ThingKind,
)

__all__ = [
    "counted",
    "known_things",
    "offered_subjects",
    "offered_things",
    "outcome_kinds",
    "panels_of",
    "read_things",
    "register_outcome",
    "register_panel",
    "register_subject",
    "register_thing",
    "subject_of",
]
_THINGS: dict[str, ThingKind] = {}
_PANELS: dict[str, list[PanelSource]] = {}
_SUBJECTS: dict[str, SubjectKind] = {}
_OUTCOMES: dict[str, OutcomeKind] = {}


def register_thing(kind: str, source: ThingKind) -> None:
    """Let a session show things of a kind, such as "product" or "launch"."""
    _THINGS[kind] = source


def register_panel(kind: str, source: PanelSource) -> None:
    """Let a higher module add what one can do with a thing of `kind`: buy, enquire, claim."""
    sources = _PANELS.setdefault(kind, [])
    if source not in sources:
        sources.append(source)


def register_subject(kind: str, source: SubjectKind) -> None:
    """Let sessions be about something, such as a "launch"."""
    _SUBJECTS[kind] = source


def register_outcome(outcome: OutcomeKind) -> None:
    """Let a module count what viewers did, minute by minute, for the report."""
    _OUTCOMES[outcome.key] = outcome


def known_things() -> list[str]:
    """Kinds of things, in the order of registration."""
    return list(_THINGS)


def read_things(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Thing]:
    """{(kind, id): thing} of what is public among `wanted`. One question for each kind."""
    ids: dict[str, list[int]] = {}
    for kind, pk in wanted:
        ids.setdefault(kind, []).append(pk)
    return {
        (kind, pk): thing
        for kind, pks in ids.items()
        if kind in _THINGS
        for pk, thing in _THINGS[kind].read(pks).items()
    }


def offered_things(edition: Any, exhibitor: Any | None) -> list[tuple[str, int, str]]:
    """[(kind, id, words)] of what the host may put on the shelf."""
    return [
        (kind, pk, words)
        for kind, source in _THINGS.items()
        for pk, words in source.offered(edition, exhibitor)
    ]


def panels_of(actor: Actor, session: Any, kind: str, pk: int) -> list[Panel]:
    """What the viewer can do with a thing, in the order of registration. Raises NotFound."""
    if (kind, pk) not in read_things([(kind, pk)]):
        raise NotFound
    found = (source(actor, session, pk) for source in _PANELS.get(kind, ()))
    return [panel for panel in found if panel is not None]


def subject_of(actor: Actor, session: Any) -> Subject | None:
    """What a session is about, as this viewer may know it."""
    source = _SUBJECTS.get(session.subject_kind)
    return source.read(actor, session.subject_id) if source else None


def offered_subjects(exhibitor: Any | None) -> list[tuple[str, str]]:
    """[("launch:5", words)] of what the host's session may be about."""
    if exhibitor is None:
        return []
    return [
        (f"{kind}:{pk}", words)
        for kind, source in _SUBJECTS.items()
        for pk, words in source.offered(exhibitor)
    ]


def outcome_kinds() -> Sequence[OutcomeKind]:
    """By their stage."""
    return sorted(_OUTCOMES.values(), key=lambda kind: kind.stage)


def counted(session: Any) -> Mapping[str, Mapping[Any, int]]:
    """{key: {minute: count}} of every registered outcome."""
    return {key: outcome.count(session) for key, outcome in _OUTCOMES.items()}
