"""What a firm fills in about a product."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.states import PriceMode, ProductKind
from haishi.catalogue.types import MAX_TAG, MAX_TAG_EN, MAX_TAGS
from haishi.foundation.errors import Invalid
from haishi.foundation.forms import Form, TextField
from haishi.foundation.money import EXPONENTS, Money
from haishi.foundation.types import Actor
from haishi.media.fields import AssetField
from haishi.media.states import Purpose

TIERS = 5
_BREAK = re.compile(r"[,，、;；\n]+")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class TagsField(TextField):
    """Words separated by commas of any kind; cleans to a list without repetitions.

    `longest` counts the characters of one word, `mark` joins them again for the page.
    """

    def __init__(self, *, longest: int, mark: str, **kwargs: Any) -> None:
        self.longest, self.mark = longest, mark
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        words = [word.strip().lstrip("#") for word in _BREAK.split(super().to_python(value))]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        if len(value) > MAX_TAGS or any(len(word) > self.longest for word in value):
            text = _("最多八个标签，每个不超过 %(limit)d 字。")
            raise forms.ValidationError(text % {"limit": self.longest})

    def run_validators(self, value: Any) -> None:
        """The length of the typed text does not matter, only that of its words."""

    def prepare_value(self, value: Any) -> Any:
        return self.mark.join(value) if isinstance(value, list) else value


class ProductForm(Form):
    """A product, in both languages side by side. `edits` on the page of one that exists."""

    edits = True

    kind = forms.ChoiceField(
        label=_("类型"),
        choices=ProductKind.choices,
        initial=ProductKind.GOODS,
        widget=forms.RadioSelect,
    )
    category_id = forms.TypedChoiceField(label=_("分类"), coerce=int)
    brand_id = forms.TypedChoiceField(
        label=_("区域品牌"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("申请加入品牌频道，由频道的维护单位甄选。"),
    )
    name = TextField(label=_("名称"), max_length=80)
    name_en = TextField(label=_("英文名称"), max_length=160, required=False)
    summary = TextField(
        label=_("一句话介绍"), max_length=120, required=False, help_text=_("送审前必填。")
    )
    summary_en = TextField(label=_("英文一句话介绍"), max_length=240, required=False)
    description = TextField(
        label=_("详细介绍"),
        max_length=5000,
        required=False,
        widget=_area(9),
        help_text=_("材质、尺寸、工艺、用途。送审前必填。"),
    )
    description_en = TextField(
        label=_("英文详细介绍"), max_length=10000, required=False, widget=_area(9)
    )
    tags = TagsField(
        label=_("标签"),
        longest=MAX_TAG,
        mark="，",
        required=False,
        help_text=_("用逗号分开，最多八个，例如：非遗，礼品。"),
    )
    tags_en = TagsField(
        label=_("英文标签"),
        longest=MAX_TAG_EN,
        mark=", ",
        required=False,
        help_text=_("英文页面显示这些；不填则显示中文标签。"),
    )
    price_mode = forms.ChoiceField(
        label=_("报价方式"),
        choices=PriceMode.choices,
        initial=PriceMode.REQUEST,
        widget=forms.RadioSelect,
    )
    currency = forms.ChoiceField(
        label=_("货币"), choices=[(code, code) for code in EXPONENTS], initial="CNY"
    )
    price_minor = TextField(
        label=_("价格"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("标价时填写。"),
    )
    unit = TextField(
        label=_("计价单位"), max_length=12, required=False, help_text=_("例如：件、套、年。")
    )
    unit_en = TextField(label=_("英文计价单位"), max_length=24, required=False)
    minimum = forms.IntegerField(label=_("起订量"), min_value=1, max_value=10**9, initial=1)
    picture_ids = AssetField(
        label=_("产品图片"),
        purpose=Purpose.PICTURE,
        most=12,
        required=False,
        help_text=_("第一张是主图，宽高比 3:2 最合适。"),
    )
    video_asset_id = AssetField(label=_("视频"), purpose=Purpose.VIDEO, required=False)
    model_asset_id = AssetField(
        label=_("三维模型"),
        purpose=Purpose.MODEL,
        required=False,
        help_text=_("GLB 格式，访客可以转动查看。"),
    )
    document_ids = AssetField(label=_("文档资料"), purpose=Purpose.DOCUMENT, most=6, required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        organisation_id: int,
        categories: Any,
        brands: Any,
        tiers: Any = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["category_id"].choices = _grouped(categories)
        fields["brand_id"].choices = [("", _("不申请")), *((row.pk, row.title) for row in brands)]
        if not brands:
            del fields["brand_id"]
        for name in ("picture_ids", "video_asset_id", "model_asset_id", "document_ids"):
            fields[name].belongs_to(actor, organisation_id)
        self._add_tiers([*tiers])

    def _add_tiers(self, tiers: list[tuple[int, int]]) -> None:
        currency = self.initial.get("currency", "CNY")
        for n in range(1, TIERS + 1):
            minimum, price = tiers[n - 1] if n <= len(tiers) else (None, None)
            self.fields[f"from_{n}"] = forms.IntegerField(
                label=_("数量起"), required=False, min_value=1, max_value=10**9, initial=minimum
            )
            self.fields[f"price_{n}"] = TextField(
                label=_("单价"),
                max_length=20,
                required=False,
                initial=_typed(price, currency),
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        if isinstance(self.initial.get("price_minor"), int):
            self.initial["price_minor"] = _typed(self.initial["price_minor"], currency)

    @property
    def tier_rows(self) -> list[tuple[Any, Any]]:
        """The fields of the tier table, row by row."""
        return [(self[f"from_{n}"], self[f"price_{n}"]) for n in range(1, TIERS + 1)]

    def clean(self) -> dict[str, Any]:
        """Amounts in the chosen currency, tiers as pairs; what another price mode needs is left."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        mode = found.get("price_mode")
        tiers = [self._tier(n) for n in range(1, TIERS + 1)] if mode == PriceMode.TIERS else []
        found["tiers"] = [pair for pair in tiers if pair is not None]
        typed = found.get("price_minor", "")
        found["price_minor"] = (
            self._amount("price_minor", typed) if mode == PriceMode.FIXED else None
        )
        return found

    def _tier(self, n: int) -> tuple[int, int] | None:
        minimum, typed = self.cleaned_data.get(f"from_{n}"), self.cleaned_data.get(f"price_{n}")
        if not minimum and not typed:
            return None
        if not minimum or not typed:
            self.add_error(f"from_{n}" if typed else f"price_{n}", _("数量与单价要一起填写。"))
            return None
        price = self._amount(f"price_{n}", typed)
        return None if price is None else (minimum, price)

    def _amount(self, name: str, typed: str) -> int | None:
        if not typed:
            return None
        try:
            minor = Money.parse(typed, self.cleaned_data.get("currency", "CNY")).minor
        except Invalid as error:
            self.add_error(name, str(error))
            return None
        if not 0 <= minor <= 10**14:
            self.add_error(name, _("金额超出可接受的范围。"))
            return None
        return minor

    def values(self) -> dict[str, Any]:
        """What the services take."""
        rows = {f"{kind}_{n}" for n in range(1, TIERS + 1) for kind in ("from", "price")}
        return {name: value for name, value in super().values().items() if name not in rows}


class NewProductForm(ProductForm):
    """The same for one that does not exist yet."""

    edits = False


class ImportForm(Form):
    """A table of products."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV 或 XLSX，10 MB 以内，第一行是表头。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


def _grouped(categories: Any) -> list[Any]:
    """Leaves under their branch; a branch without leaves can be chosen itself."""
    choices: list[Any] = [("", _("请选择"))]
    for top, children in categories:
        if children:
            choices.append((top.title, [(row.pk, row.title) for row in children]))
        else:
            choices.append((top.pk, top.title))
    return choices


def _typed(minor: int | None, currency: str) -> str:
    return "" if minor is None else f"{Money(minor, currency).amount:f}"
