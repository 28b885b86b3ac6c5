"""What notices refuses."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, DomainError


class TargetRefused(DomainError):
    """An address that this server will not call: not https, not public, or not an address."""

    message = _("这个地址不能使用：请填写公网上的 https 地址。")
    field = "url"


class SubscriptionInvalid(DomainError):
    message = _("浏览器给出的推送信息不完整，请重新开启。")


class TooManyEndpoints(Conflict):
    message = _("每家单位最多 20 个接收地址，请先删除不用的。")


class EndpointTaken(Conflict):
    message = _("这个地址已经登记过了。")
    field = "url"


class EndpointNotActive(Conflict):
    message = _("这个接收地址已停用，请先恢复，再发送。")
