"""What the index finds."""

from haishi.live.models import LiveSession
from haishi.live.selectors.shown import row_of
from haishi.live.states import OVER, LiveState, Replay
from haishi.search.types import Document, Facet

__all__ = ["document"]


def document(live_id: int) -> Document | None:
    """A session as the index knows it; None for what is not announced, or over without a replay."""
    rows = LiveSession.objects.select_related(
        "edition__series__organiser", "exhibitor__organisation", "exhibitor__booth__hall"
    )
    session = rows.filter(pk=live_id).exclude(state=LiveState.DRAFT).first()
    if session is None or (session.state in OVER and session.replay != Replay.PUBLISHED):
        return None
    row = row_of(session)
    edition = session.edition
    facets = {"edition": [Facet(edition.slug, edition.name, edition.name_en)]}
    if row.hall:
        facets["hall"] = [Facet(row.hall_slug, row.hall.zh, row.hall.en)]
    return Document(
        kind="live",
        object_id=session.pk,
        title=session.title,
        title_en=session.title_en,
        summary=session.summary[:200],
        summary_en=session.summary_en[:400],
        body=f"{session.summary}\n{session.summary_en}",
        keywords=[row.firm.zh, row.firm.en],
        picture_asset_id=session.poster_asset_id,
        url=row.url,
        facets=facets,
    )
