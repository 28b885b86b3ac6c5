"""What a person means to buy. A wish holds nothing: units are kept when an order is placed."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from haishi.foundation.money import Money


class CartLine(models.Model):
    """A product in a person's cart. The price is what one cost when the person last decided on it;
    a line that nobody touches until `kept_until` goes by itself.
    """

    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    put_at = models.DateTimeField(db_default=Now())
    kept_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "product"], name="cart_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price_minor__gte=0), name="cart_line_of_something"
            ),
        ]
        indexes = [models.Index("kept_until", name="cart_line_due")]

    def __str__(self) -> str:
        return f"{self.product_id} × {self.quantity}"

    @property
    def seen(self) -> Money:
        """What one cost when it was put there."""
        return Money(self.price_minor, self.currency)
