"""What parties refuses."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, DomainError


class CreditCodeInvalid(DomainError):
    message = _("统一社会信用代码有误：应为 18 位，且校验位要相符。")
    field = "credit_code"


class CreditCodeTaken(Conflict):
    message = _("这个统一社会信用代码已被另一家单位使用。如有疑问请联系主办方。")
    field = "credit_code"


class AlreadyMember(Conflict):
    message = _("对方已经是成员了。")
    field = "email"


class AlreadyInvited(Conflict):
    message = _("已向这个邮箱发出邀请，尚未过期。")
    field = "email"


class LastOwner(Conflict):
    message = _("单位至少要有一位所有者。请先指定另一位所有者。")


class InvitationGone(Conflict):
    message = _("邀请已过期、已撤回或已被使用。请让对方重新邀请。")


class InvitationForAnother(DomainError):
    message = _("这份邀请发给了另一个邮箱。请用收到邀请的邮箱登录。")


class VerificationPending(Conflict):
    message = _("认证申请正在审核中，请等待结果。")


class NameTaken(Conflict):
    message = _("这个网址后缀已被使用，请换一个。")
    field = "slug"
