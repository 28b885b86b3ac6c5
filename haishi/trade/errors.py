"""What can go wrong in trade."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, Invalid


class Unbalanced(Invalid):
    message = _("这笔分录借贷不平，未入账。")


class KeyReused(Conflict):
    message = _("同一凭证号已记过另一笔账，未重复入账。")


class NotEnoughHeld(Conflict):
    message = _("托管余额不足，未入账。")


class AccountDiffers(Conflict):
    message = _("账户“%(code)s”已按另一种方式开立。")
