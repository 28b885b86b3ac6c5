"""Cameras with their keys, and the networks a programme is sent to besides."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.sealing import seal, unseal
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.live import policies, selectors
from haishi.live.errors import (
    BadTarget,
    LastCamera,
    LiveIsOver,
    PrivateTarget,
    TooManyCameras,
    TooManyTargets,
)
from haishi.live.models import Camera, LiveSession, Target
from haishi.live.services.sessions import new_key, touch_gear
from haishi.live.states import Network
from wire import live as wire

PURPOSE = "live-targets"
_SCHEMES = {Network.SRT: ("srt",)}
_RTMP = ("rtmp", "rtmps")


def _changeable(actor: Actor, live_id: int) -> LiveSession:
    session = selectors.lock_for_host(actor, live_id)
    if policies.is_over(session):
        raise LiveIsOver
    return session


def _camera(session: LiveSession, number: int) -> Camera:
    camera = Camera.objects.filter(session=session, number=number).first()
    if camera is None:
        raise NotFound
    return camera


@service
def add_camera(
    actor: Actor, live_id: int, *, label: str, label_en: str = "", angle: bool = False
) -> Camera:
    """One more place to publish to. Raises NotFound, Forbidden, LiveIsOver, TooManyCameras."""
    session = _changeable(actor, live_id)
    taken = {row.number for row in selectors.cameras_of(session)}
    free = [n for n in range(1, policies.MOST_CAMERAS + 1) if n not in taken]
    if not free:
        raise TooManyCameras(most=policies.MOST_CAMERAS)
    camera = Camera.objects.create(
        session=session,
        number=free[0],
        label=label,
        label_en=label_en,
        angle=angle,
        key_hash=wire.hash_key(new_key()),
    )
    audit.record(actor, "live.camera_added", session, camera=camera.number, label=label)
    touch_gear(session)
    return camera


@service
def edit_camera(actor: Actor, live_id: int, number: int, **changes: Any) -> Camera:
    """Change `label`, `label_en`, `angle`, `single_use`. Raises NotFound, Forbidden, LiveIsOver."""
    session = _changeable(actor, live_id)
    camera = _camera(session, number)
    for name, value in changes.items():
        setattr(camera, name, value)
    camera.save(update_fields=[*changes])
    audit.record(actor, "live.camera_edited", session, camera=number, after=changes)
    touch_gear(session)
    return camera


@service
def remove_camera(actor: Actor, live_id: int, number: int) -> None:
    """Its publisher is turned away. Raises NotFound, Forbidden, LiveIsOver, LastCamera."""
    session = _changeable(actor, live_id)
    camera = _camera(session, number)
    if len(selectors.cameras_of(session)) == 1:
        raise LastCamera
    camera.delete()
    audit.record(actor, "live.camera_removed", session, camera=number)
    touch_gear(session)


@service
def rotate_key(actor: Actor, live_id: int, number: int) -> str:
    """A new key for a camera, told this once; the old one is refused from now on.

    Raises NotFound, Forbidden, LiveIsOver.
    """
    session = _changeable(actor, live_id)
    camera = _camera(session, number)
    key = new_key()
    camera.key_hash, camera.rotated_at = wire.hash_key(key), clock.now()
    camera.save(update_fields=["key_hash", "rotated_at"])
    audit.record(actor, "live.key_rotated", session, camera=number)
    touch_gear(session)
    return key


def checked_url(network: str, url: str) -> str:
    """A target's address as it may be used. Raises BadTarget, PrivateTarget.

    The host must not be this machine or a private network by number or local name: the engine
    would reach what its visitors cannot.
    """
    schemes = _SCHEMES.get(Network(network), _RTMP)
    parts = urlsplit(url.strip())
    try:
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    clean = not any(sign.isspace() or ord(sign) < 32 for sign in url.strip())
    if parts.scheme not in schemes or "." not in host.strip(".") + ("." if ":" in host else ""):
        if host in ("localhost", "localhost.") and parts.scheme in schemes:
            raise PrivateTarget
        raise BadTarget(schemes=" / ".join(f"{scheme}://" for scheme in schemes))
    if not clean:
        raise BadTarget(schemes=" / ".join(f"{scheme}://" for scheme in schemes))
    if _is_private(host):
        raise PrivateTarget
    return url.strip()


def _is_private(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name.endswith((".localhost", ".local", ".internal", ".home.arpa")):
        return True
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        # Other ways to write an IPv4 number (0x7f.1, 2130706433) are no names, either.
        return all(part.isdecimal() or part.startswith("0x") for part in name.split("."))


@service
def add_target(actor: Actor, live_id: int, *, network: str, name: str, url: str) -> Target:
    """Send the programme to one more network, from when it is on air.

    Raises NotFound, Forbidden, LiveIsOver, TooManyTargets, BadTarget, PrivateTarget.
    """
    session = _changeable(actor, live_id)
    if len(selectors.targets_of(session)) >= policies.MOST_TARGETS:
        raise TooManyTargets(most=policies.MOST_TARGETS)
    sealed = seal(PURPOSE, checked_url(network, url))
    row = Target.objects.create(session=session, network=network, name=name, sealed_url=sealed)
    audit.record(actor, "live.target_added", session, target=row.pk, network=network, name=name)
    touch_gear(session)
    return row


def _target(session: LiveSession, target_id: int) -> Target:
    row = Target.objects.filter(session=session, pk=target_id).first()
    if row is None:
        raise NotFound
    return row


@service
def want_target(actor: Actor, live_id: int, target_id: int, wanted: bool) -> Target:
    """Start or stop one target alone. Raises NotFound, Forbidden, LiveIsOver."""
    session = _changeable(actor, live_id)
    row = _target(session, target_id)
    if row.wanted != wanted:
        row.wanted = wanted
        row.save(update_fields=["wanted"])
        audit.record(actor, "live.target_wanted", session, target=row.pk, wanted=wanted)
        touch_gear(session)
    return row


@service
def remove_target(actor: Actor, live_id: int, target_id: int) -> None:
    """Stop and forget a target with its key. Raises NotFound, Forbidden."""
    session = selectors.lock_for_host(actor, live_id)
    row = _target(session, target_id)
    audit.record(actor, "live.target_removed", session, target=row.pk, name=row.name)
    row.delete()
    touch_gear(session)


@service
def check_order(actor: Actor, live_id: int, number: int, action: str) -> LiveSession:
    """Whether the person may give an order about a camera (0: the slate), noted in the audit.

    The order itself is `orders.cut` or `orders.kick`. Raises NotFound, Forbidden, LiveIsOver.
    """
    session = selectors.lock_for_stop(actor, live_id)
    if action == "cut" and not policies.can_host(actor, session):
        raise Forbidden
    if policies.is_over(session):
        raise LiveIsOver
    if number:
        _camera(session, number)
    audit.record(actor, f"live.{action}", session, camera=number)
    return session


def wire_session(session: LiveSession) -> wire.Session:
    """A session as its engine needs it; holds the targets' keys: never log it."""
    return wire.Session(
        id=session.public_id,
        title=session.title,
        cameras=[
            wire.Camera(
                number=row.number,
                label=row.label,
                key_hash=row.key_hash,
                single_use=row.single_use,
                angle=row.angle,
            )
            for row in selectors.cameras_of(session)
        ],
        targets=[
            wire.Target(
                id=row.public_id,
                name=row.name,
                network=row.network,  # type: ignore[arg-type]
                url=unseal(PURPOSE, row.sealed_url),
                wanted=row.wanted,
            )
            for row in selectors.targets_of(session)
        ],
        opens_at=(session.starts_at - policies.EARLY).timestamp(),
        closes_at=(session.ends_at + policies.LATE).timestamp(),
        record=session.record,
        srt=session.srt,
        delay=float(session.delay_seconds),
        grace=policies.GRACE_SECONDS,
        slate=session.title,
    )
