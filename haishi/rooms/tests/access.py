"""Who may open which page of rooms."""

from haishi.foundation.tests.access import Row, World
from haishi.rooms import services
from haishi.rooms.models import Word
from haishi.rooms.tests import factories, quay

MODERATORS = "302 403 403 403 200 200"  # everybody may read this room
PRESSED = "302 403 403 403 302 302"
KEEPERS = "302 404 404 404 200 200"
KEPT = "302 404 404 404 302 302"


def room(world: World) -> dict[str, object]:
    quay.register(world.firm, world.organiser)
    factories.room(organiser=world.organiser)
    return {"room": quay.PUBLIC}


def secret(world: World) -> dict[str, object]:
    room(world)
    return {"room": quay.SECRET}


def line(world: World) -> dict[str, object]:
    row = factories.line(world.stranger)
    return {**room(world), "epoch": row.epoch, "offset": row.offset}


def held(world: World) -> dict[str, object]:
    room(world)
    return {"line_id": factories.held(world.stranger).pk}


def sanction(world: World) -> dict[str, object]:
    line(world)
    made = services.sanction(world.chen, quay.PUBLIC, world.stranger.pk, "mute", 5, "刷屏")
    return {"sanction_id": made.pk}


def words(world: World) -> dict[str, object]:
    return {"slug": world.organiser.slug}


def word(world: World) -> dict[str, object]:
    row = Word.objects.create(organiser=world.organiser, text="广告", folded="广告", action="hold")
    return {**words(world), "word_id": row.pk}


def asked(world: World) -> dict[str, object]:
    room(world)
    return {"rooms": [quay.PUBLIC]}


def asked_secret(world: World) -> dict[str, object]:
    room(world)
    return {"rooms": [quay.SECRET]}


ROWS = [
    Row("rooms:token", "200", method="post", body=asked, json=True),
    Row("rooms:token", "404 404 200 200 200 200", method="post", body=asked_secret, json=True),
    Row("rooms:token", "422", method="post", json=True),
    Row("rooms:history", "200", room),
    Row("rooms:history", "404 404 200 200 200 200", secret),
    Row("rooms:moderate", MODERATORS, room),
    Row("rooms:moderate", "302 404 403 403 200 200", secret),
    Row("rooms:settings", PRESSED, room, "post", lambda world: {"slow_seconds": 5}),
    Row(
        "rooms:sanction",
        PRESSED,
        line,
        "post",
        lambda world: {"measure": "mute", "minutes": 30, "reason": "刷屏"},
    ),
    Row("rooms:line-remove", PRESSED, line, "post"),
    Row("rooms:lift", PRESSED, sanction, "post"),
    Row("rooms:show", PRESSED, held, "post"),
    Row("rooms:drop", PRESSED, held, "post"),
    Row("rooms:words", KEEPERS, words),
    Row("rooms:words", KEPT, words, "post", lambda world: {"lines": "骗子", "action": "block"}),
    Row("rooms:probe", KEEPERS, words, "post", lambda world: {"text": "你好"}),
    Row("rooms:word-remove", KEPT, word, "post"),
]
