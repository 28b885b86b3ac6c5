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


class AlreadyVerified(Conflict):
    message = _("这家单位已经通过认证。")


class DocumentsMissing(DomainError):
    message = _("请至少上传一份证明材料，例如营业执照。")
    field = "papers"


class DocumentsOfAnother(DomainError):
    message = _("证明材料无效：最多六份，且须由本单位上传。")
    field = "papers"


class ReasonMissing(DomainError):
    message = _("请写明原因，让对方知道怎样修改。")
    field = "reason"


class NobodyWithAddress(DomainError):
    message = _("没有使用这个邮箱的账户。请先请对方注册。")
    field = "email"


class NotAnOrganiser(Conflict):
    message = _("这家单位还不是主办方。")


class LastOrganiserOwner(Conflict):
    message = _("主办方至少要有一位负责人。请先指定另一位负责人。")


class StillOwner(Conflict):
    message = _("你还是 %(organisations)s 唯一的负责人。请先把它交给同事，再注销账户。")


class ScopeUnknown(DomainError):
    message = _("请至少选择一项有效的权限。")
    field = "scopes"


class ExpiryOutOfRange(DomainError):
    message = _("有效期应为 1 至 365 天。")
    field = "days"


class TooManyTokens(Conflict):
    message = _("最多可同时持有 20 个有效令牌。请先停用不用的令牌。")


class NoSuchOrganisation(DomainError):
    message = _("没有使用这个网址后缀的单位。")
    field = "slug"
