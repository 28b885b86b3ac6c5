"""What a released programme means for those who wanted to attend."""

from collections import defaultdict
from typing import Any

from django.urls import reverse

from haishi.expo import programme_history, selectors, services
from haishi.expo.events import ScheduleReleased
from haishi.foundation.events import subscribe
from haishi.notices import services as notices
from haishi.parties.services import register_personal

notices.register_kind("agenda", "我的日程", "My agenda", mail="now", push="now")


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


register_personal("agenda", services.export_agenda, services.erase_agenda)
