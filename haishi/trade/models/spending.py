"""What people may spend for a firm, and what waits for somebody who may spend more."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from haishi.foundation.money import Money
from haishi.parties.states import Role
from haishi.trade.states import ApprovalState
from haishi.trade.types import Why


class SpendLimit(models.Model):
    """What a person, or each person of a role, may spend for a firm without asking.

    Minor units of `currency`; an amount that is empty is not limited. A person's own row takes the
    place of the role's.
    """

    organisation = models.ForeignKey("parties.Organisation", models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    role = models.CharField(max_length=8, choices=Role, blank=True, default="")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+", null=True)
    single_minor = models.BigIntegerField(null=True)
    month_minor = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "currency", "role"],
                condition=Q(person=None),
                name="spend_limit_once_a_role",
            ),
            models.UniqueConstraint(
                fields=["organisation", "currency", "person"],
                condition=Q(role=""),
                name="spend_limit_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(role="", person__isnull=False) | (~Q(role="") & Q(person=None)),
                name="spend_limit_of_role_or_person",
            ),
            models.CheckConstraint(
                condition=(Q(single_minor=None) | Q(single_minor__gte=0))
                & (Q(month_minor=None) | Q(month_minor__gte=0)),
                name="spend_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(single_minor__isnull=False) | Q(month_minor__isnull=False),
                name="spend_limit_limits_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role or self.person_id} of {self.organisation_id}: {self.single_minor}"

    @property
    def single(self) -> Money | None:
        """The most of one order."""
        return None if self.single_minor is None else Money(self.single_minor, self.currency)

    @property
    def month(self) -> Money | None:
        """The most of a calendar month."""
        return None if self.month_minor is None else Money(self.month_minor, self.currency)


class Approval(models.Model):
    """A wish to spend more than one may. `origin` names what for: `order:17`, `award:4`.

    `path` is where it can be looked at. Once approved it counts for the month of who approved it:
    an order by what was really spent, anything else by its whole amount.
    """

    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    origin = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    path = models.CharField(max_length=200, blank=True, default="")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.WAITING)
    # Why it waits, as `types.Why` holds it; and what the approver said.
    why = models.JSONField(default=dict)
    answer = models.CharField(max_length=200, blank=True, default="")
    decided_by = models.ForeignKey(
        "parties.Person", models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin"],
                condition=Q(state__in=("waiting", "approved")),
                name="approval_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="approval_of_something"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="approval_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | ~Q(state="approved")
                | ~Q(decided_by=models.F("person")),
                name="approval_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-id"], name="approval_firm"),
            models.Index("expires_at", condition=Q(state="waiting"), name="approval_due"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.state}"

    @property
    def reason(self) -> str:
        """Why it waits, in the reader's language."""
        return str(Why(**self.why))

    @property
    def amount(self) -> Money:
        """What is to be spent."""
        return Money(self.amount_minor, self.currency)
