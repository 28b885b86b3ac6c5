"""Who opens which page of the portal."""

from typing import Any

from haishi.expo.tests.factories import EditionFactory, HallFactory
from haishi.foundation.tests.access import Row, World
from haishi.portal.tests.factories import shown_booth


def edition(world: World) -> dict[str, Any]:
    """An open edition of the world's organiser."""
    return {"edition": EditionFactory(series__organiser=world.organiser).slug}


def draft(world: World) -> dict[str, Any]:
    """One in planning: only its organiser sees it."""
    return {"edition": EditionFactory(series__organiser=world.organiser, state="draft").slug}


def hall(world: World) -> dict[str, Any]:
    """A hall of an open edition."""
    row = HallFactory(edition__series__organiser=world.organiser)
    return {"edition": row.edition.slug, "hall": row.slug}


def booth(world: World) -> dict[str, Any]:
    """A shown booth."""
    row = shown_booth(organisation=world.firm, edition__series__organiser=world.organiser)
    return {"edition": row.edition.slug, "exhibitor_id": row.pk}


def hidden_booth(world: World) -> dict[str, Any]:
    """A booth that waits for approval: a preview for the firm and the organiser."""
    row = shown_booth(
        organisation=world.firm, edition__series__organiser=world.organiser, state="submitted"
    )
    return {"edition": row.edition.slug, "exhibitor_id": row.pk}


def firm(world: World) -> dict[str, Any]:
    """The firm's permanent page."""
    return {"slug": world.firm.slug}


ROWS = [
    #                          nobody 外人 周 林 陈 operator
    Row("portal:home", "200"),
    Row("portal:search", "200"),
    Row("portal:tour", "200"),
    Row("portal:take_part", "200"),
    Row("portal:desk", "302 200 200 200 200 200"),
    Row("portal:organisation", "200", firm),
    Row("portal:edition", "200", edition),
    Row("portal:edition", "404 404 404 404 200 200", draft),
    Row("portal:halls", "200", edition),
    Row("portal:halls", "404 404 404 404 200 200", draft),
    Row("portal:hall", "200", hall),
    Row("portal:booth", "200", booth),
    Row("portal:booth", "404 404 200 200 200 200", hidden_booth),
    Row("portal:about", "200"),
    Row("portal:terms", "200"),
    Row("portal:privacy", "200"),
    Row("portal:accessibility", "200"),
    Row("portal:robots", "200"),
    Row("portal:sitemap", "200"),
    Row("portal:feed", "200"),
]
