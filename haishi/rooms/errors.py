"""What rooms refuse."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, Invalid


class RoomsInvalid(Invalid):
    message = _("请给出一到八个房间名。")
    field = "rooms"


class AlreadyDecided(Conflict):
    message = _("这句话已经有人处理过，或已过期。")


class AlreadyLifted(Conflict):
    message = _("这项处分已经解除或到期。")


class NotOneOfThem(Invalid):
    """A moderator cannot be muted or put out by another."""

    message = _("主持人和管理员不能被禁言或移出。")


class NobodyThere(Invalid):
    message = _("这个房间里没有这个人说过话。")


class WordInvalid(Invalid):
    message = _(
        "第 %(line)s 行不能用：每行一个词，最多 40 个字，后面可用逗号写“审核”“打码”“拦截”或“放行”。"
    )
    field = "lines"


class TooManyWords(Invalid):
    message = _("一个主办方最多 5000 个词。")
    field = "lines"
