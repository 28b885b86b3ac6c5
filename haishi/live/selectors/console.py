"""What the host sees of a running session, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.audit import history
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.types import Actor
from haishi.live import policies
from haishi.live.engines import engine_of
from haishi.live.engines.base import Ingest, Place
from haishi.live.models import Camera, LiveSession, Target
from haishi.live.selectors.core import cameras_of, targets_of
from haishi.live.states import OPEN, LiveState, TargetState
from haishi.live.wording import action_text

__all__ = ["CameraShown", "ConsoleState", "TargetShown", "console_state", "ingest_of", "story_of"]
_ON = (LiveState.LIVE, LiveState.DEGRADED)


@dataclass(frozen=True)
class CameraShown:
    """A camera as measured last. `on_programme`: viewers see it now."""

    number: int
    name: Bilingual
    state: str
    state_words: str
    on_programme: bool
    angle: bool
    figures: Sequence[tuple[str, str]]
    warnings: Sequence[str]

    @property
    def lives(self) -> bool:
        """Whether a picture comes in."""
        return self.state in _ON


@dataclass(frozen=True)
class TargetShown:
    """Another network. `words`: how it does and what to do about it."""

    pk: int
    name: str
    network: str
    wanted: bool
    state: str
    words: str
    reason: str
    kbps: int


@dataclass(frozen=True)
class ConsoleState:
    """The fragment that is fetched every two seconds while a session is open."""

    state: str
    state_words: str
    advice: str
    trouble: str
    viewers: int
    peak: int
    cameras: Sequence[CameraShown]
    targets: Sequence[TargetShown]
    on_air: bool
    may_open: bool
    may_end: bool
    slate: bool
    cuts: bool
    restreams: bool
    recording: str
    running: bool


def _warning(code: str) -> str:
    return {
        "no_audio": _("没有声音：请在编码器里选择麦克风，并使用 AAC。"),
        "gop_long": _("关键帧间隔太长：请设为 1 到 2 秒，切换和首屏会更快。"),
        "low_bitrate": _("码率偏低：画面会糊，请检查网络或提高码率。"),
        "unsteady": _("信号不稳：请改用有线网络，或降低码率。"),
        "clock_jump": _("时间戳跳变：如果反复出现，请重启编码器。"),
        "size_changed": _("画面尺寸中途变化：请固定输出分辨率。"),
    }.get(code, _("编码器报告了异常：%(code)s") % {"code": code})


def _reason(code: str) -> str:
    return {
        "": "",
        "refused": _("对方拒绝了连接，请确认直播间已开启。"),
        "unreachable": _("连接不上对方服务器，请检查地址。"),
        "stalled": _("对方停止接收，正在重新连接。"),
        "bad_key": _("推流码不对或已过期，请到对方平台重新获取后重新添加。"),
        "closed": _("对方断开了连接。"),
    }.get(code, _("原因不明，正在重试。"))


def _figures(row: Camera) -> list[tuple[str, str]]:
    if row.state not in _ON:
        return []
    found = []
    if row.width and row.height:
        found.append((_("画面"), f"{row.width}×{row.height}"))
    if row.fps:
        found.append((_("帧率"), f"{row.fps:.0f} fps"))
    if row.kbps:
        found.append((_("码率"), f"{row.kbps} kbps"))
    if row.gop:
        found.append((_("关键帧间隔"), _("%(s)s 秒") % {"s": f"{row.gop:.1f}"}))
    if row.protocol:
        found.append((_("协议"), row.protocol.upper()))
    return found


def _camera(row: Camera, source: int) -> CameraShown:
    state = LiveState(row.state)
    words = {
        LiveState.SCHEDULED: _("等待推流"),
        LiveState.CONNECTING: _("接入中"),
        LiveState.LIVE: _("信号正常"),
        LiveState.DEGRADED: _("信号不稳"),
        LiveState.GONE: _("信号中断"),
    }.get(state, str(state.label))
    return CameraShown(
        number=row.number,
        name=row.name,
        state=state.value,
        state_words=words,
        on_programme=row.number == source and state in _ON,
        angle=row.angle,
        figures=_figures(row),
        warnings=[_warning(code) for code in row.warnings],
    )


def _target(row: Target) -> TargetShown:
    return TargetShown(
        pk=row.pk,
        name=row.name,
        network=str(row.get_network_display()),
        wanted=row.wanted,
        state=row.state,
        words=str(TargetState(row.state).label),
        reason=_reason(row.reason) if row.state in ("retrying", "failed") else "",
        kbps=row.kbps,
    )


def _advice(session: LiveSession, has_signal: bool) -> str:
    if session.state == LiveState.DRAFT:
        return _("还是草稿。公布后才能推流和开播。")
    if session.state == LiveState.SCHEDULED:
        if clock.now() < session.starts_at - policies.EARLY:
            return _("开播前 2 小时起可以推流试播，观众看不到。")
        return _("可以推流试播了。收到信号后，到预定时间自动开播，也可以提前开播。")
    if session.state == LiveState.CONNECTING:
        return _("正在试播，观众还看不到。") if has_signal else _("正在接入信号。")
    if session.state == LiveState.GONE:
        return _("所有机位的信号都断了，观众看到的是垫片。5 分钟内恢复推流，直播会继续。")
    return ""


def _trouble(session: LiveSession) -> str:
    if session.state not in OPEN:
        return ""
    if session.engine_error == "unreachable":
        return _("直播引擎暂时连接不上，正在重试。")
    if session.engine_error:
        return _("直播引擎没有接受这场直播的设置，请联系平台运营。")
    return ""


def console_state(actor: Actor, session: LiveSession) -> ConsoleState:
    """How a session does. Two queries."""
    cameras = [_camera(row, session.source) for row in cameras_of(session)]
    engine = engine_of(session.engine)
    has_signal = any(camera.lives for camera in cameras)
    recording = ""
    if session.recording_error:
        recording = _("存储空间不足，录制已中止；直播不受影响。")
    elif session.record and session.on_air:
        recording = _("正在录制")
    near = clock.now() >= session.starts_at - policies.EARLY
    return ConsoleState(
        state=session.state,
        state_words=str(LiveState(session.state).label),
        advice=_advice(session, has_signal),
        trouble=_trouble(session),
        viewers=session.viewers,
        peak=session.peak_viewers,
        cameras=cameras,
        targets=[_target(row) for row in targets_of(session)],
        on_air=session.on_air,
        may_open=session.state == LiveState.CONNECTING and has_signal and near,
        may_end=session.state in OPEN,
        slate=session.on_air and session.source == 0,
        cuts=engine.cuts or len(cameras) > 1,
        restreams=engine.restreams,
        recording=recording,
        running=session.state in OPEN,
    )


def ingest_of(session: LiveSession, number: int, key: str, host: str) -> Ingest:
    """Where a camera publishes to."""
    ports = {row.number: row.srt_port for row in cameras_of(session)}
    place = Place(session.public_id, number, ports.get(number, 0) if session.srt else 0)
    return engine_of(session.engine).ingest(place, key, host)


def story_of(session: LiveSession) -> list[tuple[Any, str, str]]:
    """(when, who, what) of what happened to it, newest first."""
    return [
        (entry.at, entry.actor_name, action_text(entry.action))
        for entry in history(session, 60)
        if entry.action != "live.asked"
    ][:30]
