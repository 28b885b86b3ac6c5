"""What people were told, for the tests of other modules."""

from typing import Any

from haishi.notices.models import Notice


def subjects(person: Any) -> list[str]:
    """Subjects of a person's notices, oldest first."""
    rows = Notice.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("subject", flat=True))
