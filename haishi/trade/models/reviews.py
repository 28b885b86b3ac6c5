"""What buyers say of what they bought."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.trade.models.orders import OrderLine


class Review(models.Model):
    """A buyer's word about one line of a completed order, with the seller's one answer."""

    line = models.OneToOneField(OrderLine, models.PROTECT, related_name="review")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+")
    author = models.ForeignKey("parties.Person", models.PROTECT, related_name="+")
    rating = models.PositiveSmallIntegerField(_("评分"))
    text = models.CharField(_("评价"), max_length=600)
    written_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    answer = models.CharField(_("卖家答复"), max_length=400, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    # Why a moderator took it off the page; empty: it is shown.
    hidden_reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="review_of_five"),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""), name="review_hidden_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "-id"], condition=Q(hidden_at=None), name="review_shown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.rating}"
