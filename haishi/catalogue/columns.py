"""The table of products: one header for import and export, so that what goes out can come back."""

from haishi.catalogue.states import PriceMode, ProductKind

# Title -> field; the Chinese titles come first and are the ones an export writes.
COLUMNS = {
    "名称": "name",
    "英文名称": "name_en",
    "类型": "kind",
    "分类": "category",
    "一句话介绍": "summary",
    "英文一句话介绍": "summary_en",
    "详细介绍": "description",
    "英文详细介绍": "description_en",
    "标签": "tags",
    "报价方式": "price_mode",
    "货币": "currency",
    "价格": "price",
    "阶梯价": "tiers",
    "计价单位": "unit",
    "英文计价单位": "unit_en",
    "起订量": "minimum",
    "Name": "name",
    "Name in English": "name_en",
    "Kind": "kind",
    "Category": "category",
    "Summary": "summary",
    "Summary in English": "summary_en",
    "Description": "description",
    "Description in English": "description_en",
    "Tags": "tags",
    "Pricing": "price_mode",
    "Currency": "currency",
    "Price": "price",
    "Price tiers": "tiers",
    "Unit": "unit",
    "Unit in English": "unit_en",
    "Minimum": "minimum",
}
HEADER = [title for title in COLUMNS if not title.isascii()]
KINDS: dict[str, str] = {
    "实物商品": ProductKind.GOODS,
    "数字文件": ProductKind.FILE,
    "服务": ProductKind.SERVICE,
    "IP 授权": ProductKind.LICENCE,
}
MODES: dict[str, str] = {
    "标价": PriceMode.FIXED,
    "按量阶梯价": PriceMode.TIERS,
    "询价": PriceMode.REQUEST,
}
KIND_TITLES = {kind: title for title, kind in KINDS.items()}
MODE_TITLES = {mode: title for title, mode in MODES.items()}
