"""First launches of the demo edition: over with their papers, live, minutes away, and days away."""

from haishi.config.demo.load.launches import paid
from haishi.config.demo.load.launches.crowd import claims
from haishi.config.demo.load.launches.plan import plan
from haishi.config.demo.load.launches.rows import launches, reservations, sales
from haishi.config.demo.load.world import World
from haishi.expo.models import Session
from haishi.launches import services
from haishi.launches.models import Launch
from haishi.launches.states import LaunchState

__all__ = ["first_launches"]


def first_launches(world: World) -> None:
    """All of them in bulk; certificates through the service, as the closing would have done."""
    planned = plan(world)
    rows = launches(world, planned)
    made = sales(world, planned, rows)
    reservations(world, planned, rows)
    paid.orders(world, claims(world, planned, rows, made))
    world.ledger.write()  # a certificate reads how a draw was decided
    for row in rows:
        if row.state == LaunchState.CLOSED:
            services.issue_certificate(row.pk)
    _on_stage(world, rows)


def _on_stage(world: World, rows: list[Launch]) -> None:
    """Each session of the launch stage presents the launch that is unveiled nearest to it."""
    for session in Session.objects.filter(edition=world.edition, stage__slug="launch"):
        at = session.starts_at
        near = [
            (abs(row.unveil_at - at), row.pk, row)
            for row in rows
            if at and row.unveil_at and row.announced_at and row.session_id is None
        ]
        if near:
            row = min(near)[2]
            row.session = session
            row.save(update_fields=["session"])
