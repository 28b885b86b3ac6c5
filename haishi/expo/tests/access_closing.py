"""Who opens asking again, the close page and the frozen archive."""

import datetime as dt
from typing import Any

from haishi.expo import services
from haishi.expo.models import Reconfirmation
from haishi.expo.tests.access_programme import edition
from haishi.expo.tests.factories import EditionFactory, ShownExhibitorFactory, TierFactory
from haishi.foundation import clock
from haishi.foundation.tests.access import Row, World


def _request(world: World, state: str = "asked") -> Any:
    """The firm was asked to come to the next edition."""
    now = clock.now()
    booth = ShownExhibitorFactory(
        organisation=world.firm, edition__series__organiser=world.organiser, edition__state="closed"
    )
    coming = EditionFactory(series=booth.edition.series, closes_at=now + dt.timedelta(days=30))
    TierFactory(edition=coming)
    return Reconfirmation.objects.create(
        previous=booth, edition=coming, state=state, expires_at=now + dt.timedelta(days=9)
    )


def own(world: World) -> dict[str, Any]:
    """The firm's booth of last year."""
    return {"exhibitor_id": _request(world).previous_id}


def confirm(world: World) -> dict[str, Any]:
    """Say yes."""
    row = _request(world)
    return {"exhibitor_id": row.previous_id, "request_id": row.pk, "answer": "confirm"}


def declined(world: World) -> dict[str, Any]:
    """A firm that said no."""
    row = _request(world, "declined")
    return {"edition": row.edition.slug, "request_id": row.pk}


def closed(world: World) -> dict[str, Any]:
    """A closed edition without an archive."""
    row = EditionFactory(series__organiser=world.organiser, state="closed")
    return {"edition": row.slug}


def archived(world: World) -> dict[str, Any]:
    """A closed edition with its archive."""
    row = EditionFactory(series__organiser=world.organiser)
    services.close(world.chen, row.pk, name=row.name)
    services.build_due()
    return {"edition": row.slug}


def archived_page(world: World) -> dict[str, Any]:
    """A page of the archive."""
    return {**archived(world), "name": "zh/index.html"}


ROWS = [
    #                          nobody 外人 周 林 陈 operator
    Row("expo:clone", "302 404 404 404 200 200", edition),
    Row("expo:close", "302 404 404 404 200 200", edition),
    Row("expo:archive_again", "302 404 404 404 302 302", closed, "post"),
    Row("expo:again", "302 404 404 404 200 200", edition),
    Row("expo:ask_once_more", "302 404 404 404 302 302", declined, "post"),
    Row("expo:come_again", "302 404 403 200 404 200", own),
    Row("expo:answer_again", "302 404 403 302 404 302", confirm, "post"),
    Row("expo:archive", "200", archived),
    Row("expo:archive_file", "200", archived_page),
    Row("expo:archive_whole", "200", archived),
]
