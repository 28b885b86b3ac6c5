"""Orders that a host gives and sees at once. The engine is asked after the commit, never inside."""

from collections.abc import Callable

from haishi.foundation.service import inside_service, service
from haishi.foundation.types import Actor
from haishi.live.engines import Unreachable, Unwilling, engine_of
from haishi.live.errors import EngineRefused, EngineUnreachable
from haishi.live.models import Camera, LiveSession
from haishi.live.services.gear import check_order
from haishi.live.telling import tell


def cut(actor: Actor, live_id: int, number: int) -> None:
    """Put a camera (0: the slate) on the programme.

    Raises NotFound, Forbidden, LiveIsOver, EngineUnreachable, EngineRefused.
    """
    session = check_order(actor, live_id, number, "cut")
    engine = engine_of(session.engine)
    _order(lambda: engine.cut(session.public_id, number))
    _noted(session.pk, number)


@service
def _noted(live_id: int, number: int) -> None:
    session = LiveSession.objects.select_for_update().get(pk=live_id)
    if session.source == number:
        return
    session.source = number
    session.save(update_fields=["source", "updated_at"])
    camera = Camera.objects.filter(session=session, number=number).first()
    label, english = (camera.label, camera.label_en) if camera else ("", "")
    tell(session, "source", {"camera": number, "label": label, "label_en": english})


def kick(actor: Actor, live_id: int, number: int) -> None:
    """Send a publisher away; it may come again with its key, rotate it to keep it out.

    Raises NotFound, Forbidden, LiveIsOver, EngineUnreachable, EngineRefused.
    """
    session = check_order(actor, live_id, number, "kick")
    engine = engine_of(session.engine)
    _order(lambda: engine.kick(session.public_id, number))


def _order(action: Callable[[], None]) -> None:
    assert not inside_service(), "no network inside a transaction"
    try:
        action()
    except Unreachable:
        raise EngineUnreachable from None
    except Unwilling as error:
        raise EngineRefused(reason=str(error)) from None
