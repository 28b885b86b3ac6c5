"""What people were told, for the tests of other modules."""

from typing import Any

from haishi.notices.models import Notice


def subjects(person: Any) -> list[str]:
    """Subjects of a person's notices, oldest first."""
    rows = Notice.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("subject", flat=True))


def told(person: Any) -> list[tuple[str, int, str]]:
    """Subject, repetitions and address of a person's notices, oldest first."""
    rows = Notice.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("subject", "repeats", "url"))


def read_by_kind(kind: str) -> set[tuple[int, str, str]]:
    """Person, subject and body of all notices of a kind; they are forgotten once read."""
    rows = Notice.objects.filter(kind=kind)
    found = set(rows.values_list("person_id", "subject", "body"))
    rows.delete()
    return found


def notices_of(person: Any) -> list[dict[str, Any]]:
    """A person's notices, oldest first, each as {subject, subject_en, body, body_en, url}."""
    rows = Notice.objects.filter(person=person).order_by("pk")
    return list(rows.values("subject", "subject_en", "body", "body_en", "url"))
