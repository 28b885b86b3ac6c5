"""What the sandbox provider remembers on its own side. No other file of trade reads these rows."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class SandboxCharge(models.Model):
    """A payment as the provider sees it; `refunded` is the sum of its refunds."""

    reference = models.CharField(max_length=32, unique=True)
    merchant = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, default="open")
    refunded = models.BigIntegerField(default=0)
    # {refund number: minor units}: the same instruction twice pays back once.
    refunds = models.JSONField(default=dict)
    # {transfer number: minor units}: parts that were handed out.
    transfers = models.JSONField(default=dict)
    # [kind, our reference or number, minor units, ISO time]: what its statement tells.
    moves = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class SandboxCallback(models.Model):
    """News that waits to be delivered, at `due_at`."""

    body = models.JSONField()
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("due_at", condition=Q(delivered_at=None), name="sandbox_callback_due")
        ]

    def __str__(self) -> str:
        return f"{self.body.get('type')} {self.body.get('reference')}"
