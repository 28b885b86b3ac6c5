"""What live refuses, in its own words."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, DomainError, Forbidden, Invalid


class NotAnnounced(Conflict):
    message = _("直播还没有公布。")


class BoothNotApproved(Conflict):
    message = _("展位通过审核后才能公布直播。")


class LiveIsOver(Conflict):
    message = _("直播已经结束。")


class LiveNotOver(Conflict):
    message = _("直播还没有结束。")


class NotOnAir(Conflict):
    message = _("直播还没有开始，或信号已中断。")


class NoSignal(Conflict):
    message = _("还没有收到任何机位的信号，请先推流，再开播。")


class TooEarly(Conflict):
    message = _("最早在预定时间前 %(hours)s 小时开播。")


class TooLong(Invalid):
    field = "ends_at"
    message = _("一场直播最长 %(hours)s 小时。")


class InThePast(Invalid):
    field = "ends_at"
    message = _("结束时间已经过去，请改到将来。")


class TooManyLives(Conflict):
    message = _("同时最多预排 %(most)s 场直播，请先结束或取消其他场次。")


class TooManyCameras(Conflict):
    message = _("一场直播最多 %(most)s 个机位。")


class LastCamera(Conflict):
    message = _("至少要保留一个机位。")


class TooManyTargets(Conflict):
    message = _("一场直播最多同时推流到 %(most)s 个平台。")


class BadTarget(Invalid):
    field = "url"
    message = _("推流地址须以 %(schemes)s 开头，并写全主机名。")


class PrivateTarget(Invalid):
    field = "url"
    message = _("推流地址不能指向本机或内网。")


class ProgrammeElsewhere(Invalid):
    field = "programme_id"
    message = _("只能关联本届已发布的日程里、不属于其他单位的场次。")


class SubjectElsewhere(Invalid):
    field = "subject"
    message = _("只能关联本单位的内容。")


class PosterGone(Conflict):
    message = _("封面已不可用，请重新上传。")


class NotOnShelf(Invalid):
    message = _("只能讲解橱窗里的展品。")


class ThingElsewhere(Invalid):
    message = _("只能把已上架的产品放进橱窗。")


class ShelfFull(Conflict):
    message = _("橱窗最多放 %(most)s 件。")


class PollNeedsOptions(Invalid):
    field = "options"
    message = _("写 2 到 6 个不同的选项，一行一个，每个不超过 40 字。")


class PollIsOpen(Conflict):
    message = _("已有一个投票正在进行，请先结束它。")


class PollNotOpen(Conflict):
    message = _("投票没有开始，或已经结束。")


class LotteryNotOpen(Conflict):
    message = _("抽奖没有开始，或已经截止。")


class LotteryIsOpen(Conflict):
    message = _("已有一个抽奖正在进行，请先开奖。")


class OwnLottery(Forbidden):
    message = _("本单位的成员和主持人不能参加自己的抽奖。")


class TooManyQuestions(Conflict):
    message = _("你有 %(most)s 个问题在等待回答，请先等一等。")


class PersonUnknown(Invalid):
    field = "email"
    message = _("没有用这个邮箱登记的账号。请对方先注册，再添加。")


class TooManyHelpers(Conflict):
    message = _("一场直播最多 %(most)s 位房管和嘉宾。")


class NotReservable(Conflict):
    message = _("已经开播或已取消，不需要再预约。")


class OwnLive(Forbidden):
    message = _("主办一方的成员不用预约自己的直播。")


class BadCaptions(Invalid):
    field = "file"
    message = _("第 %(line)s 行不是有效的 WebVTT 字幕：%(reason)s")


class BadTrack(Invalid):
    field = "file"
    message = _("不是有效的 GPX 路线：%(reason)s")


class TooManyChapters(Conflict):
    message = _("一场回放最多 %(most)s 个章节。")


class OutsideRecording(Invalid):
    field = "at"
    message = _("时间不在录像之内。")


class NoRecording(Conflict):
    message = _("没有可以发布的录像。")


class EngineUnreachable(DomainError):
    message = _("直播引擎暂时连接不上，请稍后再试。正在进行的直播不受影响。")


class EngineRefused(DomainError):
    message = _("直播引擎没有执行这个操作：%(reason)s")
