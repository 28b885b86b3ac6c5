"""What `haishi doctor` asks of the search index."""

from django.utils.translation import gettext as _

from haishi.foundation.health import Finding, check
from haishi.search import selectors

FAR_BEHIND = 5_000


@check("search index")
def search_index() -> Finding:
    """There is one, it is not far behind, and it holds as many things as the table."""
    if not selectors.is_ready():
        return Finding(False, _("还没有可用的索引"), _("确认后台进程在运行；它会自动建立索引。"))
    behind = selectors.waiting()
    rows, indexed = selectors.held()
    detail = _("%(indexed)d 条，落后 %(behind)d 条") % {"indexed": indexed, "behind": behind}
    if behind > FAR_BEHIND:
        return Finding(False, detail, _("确认后台进程在运行；它会自动追上。"))
    if behind == 0 and rows != indexed:
        return Finding(False, detail, _("索引与数据库不符，请运行 haishi manage reindex。"))
    return Finding(True, detail)
