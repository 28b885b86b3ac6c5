"""What this module refuses."""

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict


class IndexBusy(Conflict):
    message = _("另一个进程正在更新搜索索引，请稍后再试。")
