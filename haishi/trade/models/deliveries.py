"""Digital files: what a product delivers, who may fetch it, and who fetched what when."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from haishi.trade.models.orders import OrderLine


class Deliverable(models.Model):
    """A sealed file that buyers of a product get. `asset_id` is media's."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+")
    asset_id = models.BigIntegerField()
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "asset_id"], name="deliverable_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.asset_id}"


class Entitlement(models.Model):
    """The right of a person to fetch the files of what was paid, at most `most` times.

    It holds while the order does: a refunded order opens nothing. `opened_at`: when the person
    accepted that the right of withdrawal ends (consumer protection law of China, art. 25).
    """

    line = models.OneToOneField(OrderLine, models.PROTECT, related_name="entitlement")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    most = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)
    granted_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used__lte=F("most")), name="entitlement_not_overused"
            )
        ]
        indexes = [models.Index(fields=["person", "-id"], name="entitlement_person")]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.used}/{self.most}"


class Download(models.Model):
    """One fetching of one file."""

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="downloads")
    asset_id = models.BigIntegerField()
    name = models.CharField(max_length=160)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"
