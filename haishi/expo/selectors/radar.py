"""The organiser's floor radar: a few numbers that lead to lists."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, Count, Q, Sum, Value
from django.db.models.functions import Cast, Concat

from haishi.expo.models import Checkin, Edition, Enquiry, Exhibitor, Hall, Registration, Tally
from haishi.expo.states import EnquiryState, ExhibitorState
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual

__all__ = ["HallLoad", "Radar", "hall_loads", "radar"]


@dataclass(frozen=True)
class HallLoad:
    """How full a hall is: `placed` firms, of which `shown` are complete."""

    id: int
    slug: str
    code: str
    name: Bilingual
    booths: int
    placed: int
    shown: int

    @property
    def free(self) -> int:
        """Booths nobody has."""
        return self.booths - self.placed

    @property
    def incomplete(self) -> int:
        """Firms with a booth that visitors do not see yet."""
        return self.placed - self.shown


def hall_loads(edition: Edition) -> list[HallLoad]:
    """Halls in their order. One query."""
    shown = Q(booths__exhibitor__state=ExhibitorState.APPROVED, booths__exhibitor__complete=True)
    rows = Hall.objects.filter(edition=edition).annotate(
        all=Count("booths"),
        placed=Count("booths__exhibitor"),
        shown=Count("booths__exhibitor", filter=shown),
    )
    fields = ("pk", "slug", "code", "name", "name_en", "all", "placed", "shown")
    return [
        HallLoad(pk, slug, code, Bilingual(name, name_en), *numbers)
        for pk, slug, code, name, name_en, *numbers in rows.order_by("order", "pk").values_list(
            *fields
        )
    ]


@dataclass(frozen=True)
class Radar:
    """What an organiser looks at first in the morning."""

    halls: list[HallLoad]
    waiting: int
    oldest: dt.datetime | None
    approved: int
    shown: int
    incomplete: int
    unplaced: int
    overdue: int
    silent: int
    registered: int
    entered_today: int
    views_today: int

    @property
    def booths(self) -> int:
        """Booths of all halls."""
        return sum(hall.booths for hall in self.halls)

    @property
    def placed(self) -> int:
        """Booths with a firm."""
        return sum(hall.placed for hall in self.halls)


def radar(edition: Edition) -> Radar:
    """The numbers of now, in seven queries. A day is that of the edition's zone."""
    firms = Exhibitor.objects.filter(edition=edition)
    approved = Q(state=ExhibitorState.APPROVED)
    counts = firms.aggregate(
        waiting=Count("pk", filter=Q(state=ExhibitorState.SUBMITTED)),
        approved=Count("pk", filter=approved),
        shown=Count("pk", filter=approved & Q(complete=True)),
        incomplete=Count("pk", filter=approved & Q(complete=False)),
        unplaced=Count("pk", filter=approved & Q(booth=None)),
    )
    waiting = firms.filter(state=ExhibitorState.SUBMITTED).order_by("submitted_at")
    late = Enquiry.objects.filter(exhibitor__edition=edition).filter(
        Q(state=EnquiryState.MISSED) | Q(state=EnquiryState.OPEN, due_at__lte=clock.now())
    )
    silent = late.aggregate(n=Count("pk"), firms=Count("exhibitor", distinct=True))
    registered = Registration.objects.filter(edition=edition, cancelled_at=None)
    midnight = clock.local(clock.now(), edition.time_zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    entered = Checkin.objects.filter(list__edition=edition, at__gte=midnight)
    return Radar(
        halls=hall_loads(edition),
        oldest=waiting.values_list("submitted_at", flat=True).first(),
        overdue=silent["n"],
        silent=silent["firms"],
        registered=registered.count(),
        entered_today=entered.values("registration").distinct().count(),
        views_today=_views(edition),
        **counts,
    )


def _views(edition: Edition) -> int:
    subjects = Exhibitor.objects.filter(edition=edition).values_list(
        Concat(Value("exhibitor:"), Cast("pk", CharField()), output_field=CharField())
    )
    rows = Tally.objects.filter(kind="view", day=clock.now().date(), subject__in=subjects)
    return int(rows.aggregate(n=Sum("count"))["n"] or 0)
