"""Who is to be told what about a product."""

from django.db.models import QuerySet

from haishi.catalogue.models import Product
from haishi.catalogue.selectors.core import PRESENT
from haishi.expo.states import EditionState
from haishi.parties import selectors as parties
from haishi.parties.states import Duty

__all__ = ["is_public", "moderators_of", "product_by_id", "products_of_firm"]


def product_by_id(product_id: int) -> Product | None:
    """A product with its firm and brand, for work that no person asked for."""
    found = Product.objects.select_related("organisation", "brand__keeper")
    return found.filter(pk=product_id).first()


def products_of_firm(organisation_id: int) -> QuerySet[Product]:
    """Listed products of a firm, for modules above that have checked who asks."""
    return Product.objects.filter(state="listed", organisation=organisation_id)


def is_public(product_id: int) -> bool:
    """Whether everybody may see its page."""
    return Product.objects.filter(pk=product_id, state="listed").exists()


def moderators_of(product: Product) -> dict[str, list[int]]:
    """{edition slug: ids of the people who moderate it} of the open editions the firm comes to."""
    path = "organisation__exhibitors__edition"
    found = Product.objects.filter(
        pk=product.pk,
        organisation__exhibitors__state__in=PRESENT,
        organisation__exhibitors__edition__state__in=(EditionState.DRAFT, EditionState.OPEN),
    )
    rows = found.values_list(f"{path}__slug", f"{path}__series__organiser_id")
    duties = (Duty.MODERATOR, Duty.REVIEWER)
    return {
        slug: parties.people_with_duty(organiser, duties) for slug, organiser in rows.distinct()
    }
