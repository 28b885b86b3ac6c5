"""The doctor's question about archives."""

from django.utils.translation import gettext as _

from haishi.expo import selectors
from haishi.foundation.health import Finding, check


@check("archives")
def archives() -> Finding:
    """Every file of every archive is there and has the sum that its manifest says."""
    slugs = selectors.archived_editions()
    wrong = [f"{slug}/{name}" for slug in slugs for name in selectors.archive_damage(slug)]
    if not wrong:
        return Finding(True, _("%(n)d 届存档完好") % {"n": len(slugs)})
    shown = ", ".join(wrong[:3]) + (" …" if len(wrong) > 3 else "")
    return Finding(
        False,
        _("存档缺失或被改动：%(names)s") % {"names": shown},
        _("从备份取回这些文件；或移走整个存档文件夹，再由主办方在闭幕页再次生成。"),
    )
