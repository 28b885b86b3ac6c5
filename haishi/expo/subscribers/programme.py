"""What a released programme means for those who wanted to attend; sessions in the search index."""

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.expo import programme_history, selectors, services
from haishi.expo.events import (
    EditionChanged,
    EditionClosed,
    ProgrammePartsChanged,
    ScheduleReleased,
    SessionChanged,
    SpeakerChanged,
)
from haishi.expo.subscribers.floor import index
from haishi.foundation.events import subscribe
from haishi.notices import services as notices
from haishi.parties.services import register_personal
from haishi.search import services as search

notices.register_kind("agenda", "我的日程", "My agenda", mail="now", push="now")
search.name_values("kind", {"session": _("场次"), "speaker": _("嘉宾")})


@subscribe(ScheduleReleased)
def tell_attendees(event: ScheduleReleased) -> None:
    """One notice for each person whose agenda the release changed, with all of it in words.

    Who wanted the same sessions reads the same words, so they are written once.
    """
    version = selectors.get_version(event.edition_id, event.number)
    if version is None:
        return
    changes = {change["code"]: change for change in version.changes}
    readers: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for person, codes in selectors.agenda_holders(event.edition_id, changes).items():
        readers[tuple(code for code in changes if code in codes)].append(person)
    for wanted, people in readers.items():
        _tell(version, [changes[code] for code in wanted], people)


def _tell(version: Any, changes: list[dict[str, Any]], people: list[int]) -> None:
    edition = version.edition
    url = reverse("expo:my_agenda")
    if len(changes) == 1 and changes[0]["kind"] != "cancelled":
        url = reverse("expo:session", args=[edition.slug, changes[0]["code"]])
    subject, body = programme_history.in_words(edition, changes)
    topic = f"schedule:{edition.pk}:{version.number}"
    notices.tell(people, "agenda", subject, body, url, topic=topic)


def _index_sessions(ids: list[int]) -> None:
    index("session", ids, selectors.session_documents(ids))


def _index_speakers(ids: list[int]) -> None:
    index("speaker", ids, selectors.speaker_documents(ids))


@subscribe(ScheduleReleased, ProgrammePartsChanged, EditionChanged, EditionClosed)
def index_programme(
    event: ScheduleReleased | ProgrammePartsChanged | EditionChanged | EditionClosed,
) -> None:
    """A released programme is found; one of an edition that was withdrawn is not."""
    _index_sessions(selectors.session_ids_in(event.edition_id))
    _index_speakers(selectors.speaker_ids_in(event.edition_id))


@subscribe(SessionChanged)
def index_session(event: SessionChanged) -> None:
    """A public session's words, who speaks in it, or whether it takes place."""
    _index_sessions([event.session_id])
    _index_speakers(selectors.speaker_ids_of_session(event.session_id))


@subscribe(SpeakerChanged)
def index_speaker(event: SpeakerChanged) -> None:
    """A speaker, and the sessions that name them."""
    _index_speakers([event.speaker_id])
    _index_sessions(selectors.session_ids_of_speaker(event.speaker_id))


register_personal("agenda", services.export_agenda, services.erase_agenda)
