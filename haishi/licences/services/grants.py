"""What a licence takes away from others: cells of right × territory × medium × time."""

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from haishi.licences import selectors
from haishi.licences.errors import GrantClash
from haishi.licences.models import Grant, Licence, Title
from haishi.licences.states import Exclusivity, Medium, Right
from haishi.licences.territories import code_of
from haishi.licences.types import Terms

NOBODY_ELSE = NumericRange(0, 2**62, "[)")


def hold(licence: Licence) -> None:
    """Keep the cells of a licence. Raises GrantClash, and keeps nothing.

    The title's row lets one at a time compare; what slips by is refused by `grants_do_not_clash`.
    """
    Title.objects.select_for_update(of=("self",)).get(pk=licence.offer.title_id)
    refuse_clash(licence.product_id, licence.terms)
    try:
        with transaction.atomic():
            Grant.objects.bulk_create(cells(licence))
    except IntegrityError:
        refuse_clash(licence.product_id, licence.terms)
        raise


def refuse_clash(product_id: int, terms: Terms) -> None:
    """Raises GrantClash when a grant that holds is in the way of `terms`."""
    other = selectors.clash_of(product_id, terms)
    if other is not None:
        raise GrantClash(
            right=Right(other.right).label,
            territory=selectors.territory_title(other.territory),
            medium=Medium(other.medium).label,
            until=other.days.upper,
        )


def cells(licence: Licence) -> list[Grant]:
    """The rows that the terms of a licence come to."""
    terms = licence.terms
    alone = terms.exclusivity != Exclusivity.NON_EXCLUSIVE
    return [
        Grant(
            licence=licence,
            product_id=licence.product_id,
            right=right,
            territory=territory,
            medium=medium,
            alone=alone,
            days=DateRange(terms.starts_on, terms.ends_on, "[)"),
            product_key=NumericRange(licence.product_id, licence.product_id, "[]"),
            alone_key=NOBODY_ELSE if alone else NumericRange(licence.pk, licence.pk, "[]"),
            **keys(right, territory, medium),
        )
        for right in terms.rights
        for territory in terms.territories
        for medium in terms.media
    ]


def keys(right: str, territory: str, medium: str) -> dict[str, NumericRange]:
    """The ranges of a cell that the database compares."""
    return {
        "right_key": _one(Right.values.index(right)),
        "territory_key": NumericRange(*code_of(territory), "[)"),
        "medium_key": (
            NumericRange(0, len(Medium.values), "[)")
            if medium == Medium.ALL
            else _one(Medium.values.index(medium))
        ),
    }


def _one(number: int) -> NumericRange:
    return NumericRange(number, number, "[]")


def release(licence: Licence) -> None:
    """Give the cells back."""
    Grant.objects.filter(licence=licence, live=True).update(live=False)
