"""What sellers and buyers hear of reviews."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.foundation.events import subscribe
from haishi.notices.services import tell
from haishi.parties import selectors as parties
from haishi.trade import selectors
from haishi.trade.events import ReviewAnswered, ReviewHidden, ReviewWritten


@subscribe(ReviewWritten)
def written(event: ReviewWritten) -> None:
    """The seller may answer once."""
    row = selectors.review_facts(event.review_id)
    if row is None:
        return
    seller = row.line.order.seller
    tell(
        parties.member_ids(seller.pk), "sale", _("《%(product)s》有新评价：%(rating)s 分"),
        _("“%(text)s”"),
        reverse("trade:firm_reviews", args=[seller.slug]),
        values={"product": row.line.name, "rating": row.rating, "text": row.text},
        topic=f"reviews:{seller.pk}",
    )  # fmt: skip


@subscribe(ReviewAnswered)
def answered(event: ReviewAnswered) -> None:
    """The buyer reads the answer."""
    row = selectors.review_facts(event.review_id)
    if row is None:
        return
    url = reverse("catalogue:product", args=[row.product.slug])
    values = {"product": row.line.name}
    tell([row.author_id], "order", _("卖家答复了你对《%(product)s》的评价"), "", url, values=values)


@subscribe(ReviewHidden)
def hidden(event: ReviewHidden) -> None:
    """The author reads why."""
    row = selectors.review_facts(event.review_id)
    if row is None or row.hidden_at is None:
        return
    order = row.line.order
    tell(
        [row.author_id], "order", _("你对《%(product)s》的评价已被隐藏"), _("原因：%(reason)s"),
        reverse("trade:order", args=[order.number]),
        values={"product": row.line.name, "reason": row.hidden_reason}, important=True,
    )  # fmt: skip
