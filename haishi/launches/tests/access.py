"""Who opens the hall, launches, the firm's desk and the reviewers' queue."""

from typing import Any

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation.tests.access import Row, World
from haishi.launches import services
from haishi.launches.tests.factories import LaunchFactory, in_hours, sale


def booth(world: World) -> Any:
    """The firm's booth in an edition of the organiser."""
    return ShownExhibitorFactory(
        organisation=world.firm, edition__series__organiser=world.organiser
    )


def launch(world: World, state: str) -> Any:
    """A launch of the firm, due in an hour."""
    row = booth(world)
    return LaunchFactory(
        exhibitor=row, state=state, teaser="潮声将至，守候一小时。", unveil_at=in_hours(1)
    )


def announced(world: World) -> dict[str, Any]:
    """One that everybody knows of."""
    return {"slug": launch(world, "announced").slug}


def secret(world: World) -> dict[str, Any]:
    """One under review."""
    return {"slug": launch(world, "under_review").slug}


def embargoed(world: World) -> dict[str, Any]:
    """Accepted, with a draw, not announced."""
    row = launch(world, "embargoed")
    sale(3, "draw", launch=row)
    return {"slug": row.slug}


def drawn(world: World) -> dict[str, Any]:
    """Announced, with a draw."""
    row = launch(world, "announced")
    sale(3, "draw", launch=row)
    return {"slug": row.slug}


def reserve(world: World) -> dict[str, Any]:
    """Ask to be reminded."""
    return {**announced(world), "action": "reserve"}


def reserve_secret(world: World) -> dict[str, Any]:
    """Ask to be reminded of what nobody knows of."""
    return {**secret(world), "action": "reserve"}


def desk(world: World) -> dict[str, Any]:
    """The firm's launches."""
    return {"exhibitor_id": booth(world).pk}


def own(world: World) -> dict[str, Any]:
    """A draft of the firm."""
    row = launch(world, "draft")
    return {"exhibitor_id": row.exhibitor_id, "launch_id": row.pk}


def taken_back(world: World) -> dict[str, Any]:
    """An accepted dossier to take back."""
    row = launch(world, "embargoed")
    return {"exhibitor_id": row.exhibitor_id, "launch_id": row.pk, "action": "take-back"}


def queue(world: World) -> dict[str, Any]:
    """The reviewers' desk."""
    return {"edition": booth(world).edition.slug}


def waiting(world: World) -> dict[str, Any]:
    """A dossier that was handed in."""
    row = launch(world, "under_review")
    return {"edition": row.exhibitor.edition.slug, "launch_id": row.pk}


def launch_that_sells(world: World) -> Any:
    """Unveiled an hour ago."""
    row = launch(world, "live")
    row.unveil_at = in_hours(-1)
    row.save(update_fields=["unveil_at"])
    return row


def selling(world: World) -> dict[str, Any]:
    """Live, with a first sale."""
    row = launch_that_sells(world)
    sale(3, launch=row)
    return {"slug": row.slug}


def kept(world: World) -> dict[str, Any]:
    """A unit that the stranger won."""
    row = launch_that_sells(world)
    services.claim(world.stranger, sale(3, launch=row).pk)
    return {"slug": row.slug}


def quota(world: World) -> dict[str, Any]:
    """The first sale of an announced launch on its firm's desk."""
    row = launch(world, "announced")
    sale(3, launch=row)
    return {"exhibitor_id": row.exhibitor_id, "launch_id": row.pk}


def over(world: World) -> Any:
    """A launch of the firm that has its certificate."""
    row = launch(world, "closed")
    return services.issue_certificate(row.pk)


def certificate(world: World) -> dict[str, Any]:
    """Its number."""
    return {"number": over(world).number}


def revoked(world: World) -> dict[str, Any]:
    """To be declared void."""
    row = over(world).launch
    return {"edition": row.exhibitor.edition.slug, "launch_id": row.pk}


def reason(world: World) -> dict[str, str]:
    """Why."""
    return {"reason": "图片与实物不符。"}


def to_claim(world: World) -> dict[str, Any]:
    """A unit of an open sale."""
    return {**selling(world), "action": "claim"}


def to_cancel(world: World) -> dict[str, Any]:
    """The stranger's claim."""
    sale_id = sale(3, launch=launch_that_sells(world)).pk
    return {"claim_id": services.claim(world.stranger, sale_id).pk}


ROWS = [
    #                            nobody 外人 周 林 陈 operator
    Row("launches:hall", "200"),
    Row("launches:feed", "200"),
    Row("launches:mine", "302 200 200 200 200 200"),
    Row("launches:my_calendar", "302 200 200 200 200 200"),
    Row("launches:launch", "200", announced),
    Row("launches:launch", "404 404 200 200 200 200", secret),
    Row("launches:calendar", "200", announced),
    Row("launches:calendar", "404", embargoed),
    Row("launches:draw", "200", drawn),
    Row("launches:draw", "404", embargoed),
    Row("launches:result", "200", selling),
    Row("launches:result", "404", drawn),
    Row("launches:verify", "200", certificate),
    Row("launches:certificate", "302 403 200 200 200 200", certificate),
    Row("launches:pay", "302 200 404 404 404 404", kept),
    Row("launches:act", "302 302 403 403 302 302", reserve, "post"),
    Row("launches:act", "302 404 404 404 404 404", reserve_secret, "post"),
    Row("launches:desk", "302 404 200 200 404 200", desk),
    Row("launches:new", "302 404 403 200 404 200", desk),
    Row("launches:edit", "302 404 403 200 404 200", own),
    Row("launches:move", "302 404 403 200 404 200", own),
    Row("launches:quota", "302 403 403 200 403 200", quota),
    Row("launches:step", "302 404 403 302 403 302", taken_back, "post"),
    Row("launches:queue", "302 404 404 404 200 200", queue),
    Row("launches:judge", "302 404 404 404 200 200", waiting),
    Row("launches:revoke", "302 404 404 404 302 302", revoked, "post", reason),
    Row("launches:approve", "302 404 404 404 302 302", waiting, "post"),
    # The API
    Row("api:launches_launches", "401 200 200 200 200 200"),
    Row("api:launches_launch", "401 200 200 200 200 200", announced),
    Row("api:launches_launch", "401 404 404 404 404 404", secret),
    Row("api:launches_claims", "401 200 200 200 200 200"),
    Row("api:launches_ask", "401 200 403 403 200 200", to_claim, "post", json=True),
    Row("api:launches_cancel", "401 200 404 404 404 404", to_cancel, "post", json=True),
]
