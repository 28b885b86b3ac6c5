"""What can go wrong, in the words of the domain. HTTP is decided in web.py."""

from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule said no.

    `message` is shown to the person, so it is written for them; it may hold `%(name)s`, filled from
    the keyword arguments. `field` names the form field the message belongs to, if it is one.
    """

    message: Any = _("操作未能完成。")
    field: str | None = None

    def __init__(self, message: Any = None, *, field: str | None = None, **values: Any) -> None:
        self.message = message or self.message
        self.field = field or self.field
        self.values = values
        super().__init__()

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.values if self.values else text


class NotFound(DomainError):
    message = _("没有找到，或你无权查看。")


class Forbidden(DomainError):
    message = _("你的身份不能做这件事。")


class Conflict(DomainError):
    message = _("状态已变化，请刷新后再试。")


class Stale(Conflict):
    """The page was older than the row. `values["changes"]` says what changed, for people."""

    message = _("在你编辑期间，%(changes)s。你填写的内容仍保留在页面上，请核对后再提交。")


class Invalid(DomainError):
    """A value that cannot be accepted; `field` says which."""

    message = _("填写的内容有误。")


class TooMany(DomainError):
    """Too many tries in a short time."""

    message = _("操作过于频繁，请在 %(seconds)s 秒后再试。")
