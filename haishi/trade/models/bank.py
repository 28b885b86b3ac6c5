"""The custody account at a bank: what came in, and what people carry out there by hand."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.money import Money
from haishi.trade.models.payments import Payment
from haishi.trade.states import BankLineState, TaskKind, TaskState


class BankLine(models.Model):
    """One credit of the bank's statement. `bank_reference` is the bank's own number.

    `payment` is set by whoever proposes that the money is for it; without one, a proposal means to
    send it back. `decided_by` is always another person.
    """

    bank_reference = models.CharField(_("流水号"), max_length=64, unique=True)
    booked_on = models.DateField(_("记账日"))
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payer = models.CharField(_("付款人"), max_length=80)
    payer_account = models.CharField(_("付款账号"), max_length=64, blank=True, default="")
    remark = models.CharField(_("附言"), max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=BankLineState, default=BankLineState.OPEN)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="bank_lines", null=True)
    imported_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    decided_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    imported_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_line_of_something"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="bank_line_two_people",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="bank_line_state")]

    def __str__(self) -> str:
        return f"{self.bank_reference} {self.state}"

    @property
    def amount(self) -> Money:
        """What came."""
        return Money(self.amount_minor, self.currency)


class BankTask(models.Model):
    """Money to be sent from the custody account: one person does it, another confirms it."""

    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=8, choices=TaskKind)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    holder = models.CharField(_("收款人"), max_length=80)
    account = models.CharField(_("收款账号"), max_length=64, blank=True, default="")
    bank = models.CharField(_("开户行"), max_length=80, blank=True, default="")
    line = models.ForeignKey(BankLine, models.PROTECT, related_name="tasks", null=True)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.DUE)
    bank_reference = models.CharField(_("银行流水号"), max_length=64, blank=True, default="")
    executed_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    confirmed_by = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_task_of_something"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("executed_by")),
                name="bank_task_two_people",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="bank_task_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"

    @property
    def amount(self) -> Money:
        """What is to be sent."""
        return Money(self.amount_minor, self.currency)
