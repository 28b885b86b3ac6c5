"""Who may open which address of files."""

from haishi.foundation.tests.access import Row, World
from haishi.foundation.types import SYSTEM
from haishi.media import services
from haishi.media.tests.files import pdf, png, upload


def public(world: World) -> dict[str, object]:
    row = services.import_generated(SYSTEM, world.firm.pk, png(), name="a")
    return {"token": row.token, "name": "64.webp"}


def kept(world: World, purpose: str) -> dict[str, object]:
    row = services.import_generated(SYSTEM, world.firm.pk, pdf(1), name="a", purpose=purpose)
    return {"token": row.token, "name": "file.pdf"}


def papers(world: World) -> dict[str, object]:
    return kept(world, "papers")


def sealed(world: World) -> dict[str, object]:
    return kept(world, "sealed")


def owned(world: World) -> dict[str, object]:
    return {"token": services.import_generated(SYSTEM, world.firm.pk, png(), name="a").token}


def begun(world: World) -> dict[str, object]:
    return {"token": services.begin_upload(world.zhou, world.firm.pk, "picture", "a", 9).token}


def plain(world: World) -> dict[str, object]:
    return {"file": upload(png(), "a.png"), "purpose": "picture", "organisation_id": ""}


def mine(world: World) -> dict[str, object]:
    return {"file": upload(png(), "a.png"), "purpose": "picture"}


ANNOUNCED = {"Upload-Length": "9"}
PIECE = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}

ROWS = [
    #                          nobody 外人 周  林  陈  operator
    Row("media:file", "200", public),
    # Papers of a firm that has come to no organiser yet: besides the firm, operators alone.
    Row("media:file", "404 404 200 200 404 200", papers),
    Row("media:file", "404 404 200 200 404 200", sealed),
    Row("media:library", "302 200 200 200 200 200"),
    Row("media:upload", "302", method="post", body=plain),
    Row("media:uploads", "403 201 201 201 201 201", method="post", headers=ANNOUNCED),
    Row("media:resumable", "403 404 200 404 404 404", begun, "head"),
    Row("media:resumable", "403 404 204 404 404 404", begun, "delete"),
    Row("media:asset", "302 404 200 200 404 200", owned),
    Row("media:asset", "302 404 403 302 404 302", owned, "post", lambda world: {"alt": "海"}),
    Row("media:remove", "302 404 403 302 404 302", owned, "post"),
    Row("api:list_assets", "401 200 200 200 200 200"),
    Row("api:create_asset", "401 201 201 201 201 201", method="post", body=mine),
    Row("api:get_asset", "401 404 200 200 404 200", owned),
    Row(
        "api:describe_asset",
        "401 404 403 200 404 200",
        owned,
        "patch",
        lambda world: {"alt": "海"},
        json=True,
    ),
    Row("api:delete_asset", "401 404 403 204 404 204", owned, "delete"),
]
