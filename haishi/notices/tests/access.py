"""Who may open which page of notices and webhooks."""

from haishi.foundation.tests.access import Row, World
from haishi.notices import mail, push, services
from haishi.notices.models import Notice

ANYBODY = "302 200 200 200 200 200"  # with an account
OWN = "302 404 404 302 404 404"  # a notice of 林
FIRM = "302 403 403 200 403 200"  # everybody knows the firm, its managers open the page
MANAGERS = "302 404 404 200 404 200"
PRESSED = "302 404 404 302 404 302"
API = "401 200 200 200 200 200"
API_OWN = "401 404 404 200 404 404"
API_FIRM = "401 403 403 200 403 200"
API_MANAGERS = "401 404 404 200 404 200"


def firm(world: World) -> dict[str, object]:
    return {"slug": world.firm.slug}


def notice(world: World) -> dict[str, object]:
    services.tell([world.lin.pk], "webhooks", "一件事")
    return {"notice_id": Notice.objects.get().pk}


def link(world: World) -> dict[str, object]:
    return {"token": mail.unsubscribe_path(world.lin.pk, "webhooks").split("/")[-2]}


def endpoint(world: World) -> dict[str, object]:
    made = services.add_endpoint(world.lin, world.firm.pk, "https://hooks.example.com/", ["*"])
    return {"endpoint_id": made[0].pk}


def page(world: World) -> dict[str, object]:
    return {**firm(world), **endpoint(world)}


def entry(world: World) -> dict[str, object]:
    return {"delivery_id": services.ping(world.lin, int(str(endpoint(world)["endpoint_id"]))).pk}


def log(world: World) -> dict[str, object]:
    return {**firm(world), "dispatch_id": entry(world)["delivery_id"]}


def browser(world: World) -> dict[str, object]:
    keys = {"p256dh": push.public_key(), "auth": "MDEyMzQ1Njc4OWFiY2RlZg"}
    return {"endpoint": "https://push.example/abc", "keys": keys}


def asked(world: World) -> dict[str, object]:
    return {"url": "https://new.example/", "labels": ["*"], "organisation": world.firm.slug}


def change(action: str) -> Row:
    def kwargs(world: World) -> dict[str, object]:
        return {**page(world), "action": action}

    return Row("notices:endpoint-change", PRESSED, kwargs, "post")


ROWS = [
    Row("notices:inbox", ANYBODY),
    Row("notices:read-all", "302", method="post"),
    Row("notices:open", OWN, notice),
    Row("notices:read", OWN, notice, "post"),
    Row("notices:settings", ANYBODY),
    Row("notices:unsubscribe", "200", link),  # the signed link is the proof
    Row("notices:unsubscribe", "200", link, "post"),
    Row("notices:push", ANYBODY, method="post", body=browser, json=True),
    Row("notices:service-worker", "200"),
    Row("notices:endpoints", FIRM, firm),
    Row("notices:endpoint-new", FIRM, firm),
    Row("notices:endpoint-new", FIRM, firm, "post", asked),
    Row("notices:endpoint", MANAGERS, page),
    Row("notices:endpoint", PRESSED, page, "post", asked),
    change("ping"),
    change("pause"),
    change("remove"),
    Row("notices:dispatch", MANAGERS, log),
    Row("notices:replay", PRESSED, log, "post"),
    Row("api:list_notices", API),
    Row("api:notices_unread", API),
    Row("api:notices_read_all", API, method="post"),
    Row("api:notices_read", API_OWN, notice, "post"),
    Row("api:webhook_events", API),
    Row("api:webhook_endpoints", API_FIRM, method="post", body=asked, json=True),
    Row("api:webhook_endpoints", "401 422 422 422 422 422"),  # whose? the query must say
    Row("api:webhook_endpoint", API_MANAGERS, endpoint),
    Row("api:webhook_endpoint", API_MANAGERS, endpoint, "patch", json=True),
    Row("api:webhook_endpoint", API_MANAGERS.replace("200", "204"), endpoint, "delete"),
    Row("api:webhook_rotate", API_MANAGERS, endpoint, "post"),
    Row("api:webhook_ping", API_MANAGERS, endpoint, "post"),
    Row(
        "api:webhook_replay_since",
        API_MANAGERS,
        endpoint,
        "post",
        lambda world: {"since": "2026-11-01T00:00:00Z"},
        json=True,
    ),
    Row("api:webhook_deliveries", API_MANAGERS, endpoint),
    Row("api:webhook_attempts", API_MANAGERS, entry),
    Row("api:webhook_replay", API_MANAGERS, entry, "post"),
]
