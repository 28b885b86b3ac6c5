"""Who is told what, what the index finds, what waits before an edition closes."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.expo.selectors import Pending
from haishi.licences import policies
from haishi.licences.models import Approval, Licence, Offer, Statement, Title, TitleLink
from haishi.licences.states import Medium, Right, TitleState
from haishi.licences.territories import title_of
from haishi.search.types import Document, Facet
from haishi.trade import selectors as trade

__all__ = [
    "deals_of",
    "documents",
    "licence_facts",
    "licensors_shown",
    "offer_ids_of",
    "title_facts",
    "titles_to_review",
    "titles_with_paper",
]


def licence_facts(licence_id: int) -> Licence | None:
    """A licence for the platform's own messages."""
    rows = Licence.objects.select_related("product", "licensor", "licensee")
    return rows.filter(pk=licence_id).first()


def title_facts(title_id: int) -> Title | None:
    """A title for the platform's own messages."""
    return Title.objects.select_related("product", "organisation").filter(pk=title_id).first()


def offer_ids_of(title_id: int) -> list[int]:
    """Ids of the offers that rest on a title."""
    return list(Offer.objects.filter(title=title_id).order_by("pk").values_list("pk", flat=True))


def titles_with_paper(asset_id: int) -> list[Title]:
    """Titles that a file is a document of."""
    ids = TitleLink.objects.filter(document_ids__contains=[asset_id]).values("title")
    return list(Title.objects.filter(pk__in=ids))


def licensors_shown(asset_id: int) -> list[int]:
    """Ids of the licensors whom a file was handed in to."""
    rows = Approval.objects.filter(file_ids__contains=[asset_id])
    return list(rows.values_list("good__licence__licensor_id", flat=True))


def titles_to_review(edition: Any) -> Pending:
    """How many chains of the edition's exhibitors wait for a reviewer. One query."""
    waiting = Title.objects.filter(
        state=TitleState.SUBMITTED, organisation__exhibitors__edition=edition
    ).count()
    url = reverse("licences:queue")
    return Pending(_("待核验的权属材料"), waiting, _("闭幕后仍可核验"), url)


def documents(offer_ids: Iterable[int]) -> Iterator[Document]:
    """A document for each open offer among `offer_ids`; nothing of the others."""
    rows = Offer.objects.filter(pk__in=[*offer_ids])
    for row in rows.select_related("product__category", "organisation", "title"):
        if policies.is_shown(row):
            yield _document(row)


def _document(row: Offer) -> Document:
    product, firm = row.product, row.organisation
    words = [Right(each).label for each in row.rights] + [Medium(each).label for each in row.media]
    return Document(
        kind="licence",
        object_id=row.pk,
        title=f"{product.name} · IP 授权",
        title_en=f"{product.name_en or product.name} · licence",
        summary=row.summary or product.summary,
        summary_en=row.summary_en or product.summary_en,
        body=f"{product.description}\n{product.description_en}",
        keywords=[
            firm.name,
            firm.name_en,
            *map(str, words),
            *(title_of(code).zh for code in row.territories),
        ],
        picture_asset_id=next(iter(product.picture_ids), None),
        url=row.get_absolute_url(),
        facets={
            "category": [
                Facet(product.category.slug, product.category.name, product.category.name_en)
            ]
        },
    )


def deals_of(number: str) -> list[str] | None:
    """Numbers of the orders behind a licence: its guarantee and its royalties; None for none."""
    pk = Licence.objects.filter(number=number).values_list("pk", flat=True).first()
    if pk is None:
        return None
    due = Statement.objects.filter(licence=pk).order_by("pk").values_list("pk", flat=True)
    return trade.billed_from([f"licence:{pk}", *(f"royalty:{each}" for each in due)])
