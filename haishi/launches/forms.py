"""What a firm fills in about a launch, and what a reviewer answers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form, LocalTimeField, MoneyField, TextField
from haishi.foundation.types import Actor
from haishi.launches.states import Rule
from haishi.launches.wording import length_text
from haishi.media.fields import AssetField
from haishi.media.states import Purpose

LENGTHS = (5, 10, 30, 60, 180, 1440, 4320, 10080)
PAYING = (10, 15, 30, 60, 1440)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NewDossierForm(Form):
    """A dossier in both languages, with its first sale when `quota` is given."""

    name = TextField(label=_("新品名称"), max_length=80, help_text=_("揭幕前保密。"))
    name_en = TextField(label=_("英文名称"), max_length=120, required=False)
    product_id = forms.TypedChoiceField(
        label=_("对应的产品"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("产品已上架时，揭幕后的页面会链接到它。"),
    )
    teaser = TextField(
        label=_("预告语"),
        max_length=120,
        required=False,
        help_text=_("预告后人人可见，别写出新品名称。"),
    )
    teaser_en = TextField(label=_("英文预告语"), max_length=200, required=False)
    story = TextField(label=_("揭幕内容"), max_length=6000, required=False, widget=_area(9))
    story_en = TextField(label=_("英文揭幕内容"), max_length=9000, required=False, widget=_area(9))
    teaser_asset_id = AssetField(
        label=_("预告图"),
        purpose=Purpose.SEALED,
        required=False,
        help_text=_("预告时公开，宽高比 3:2 最合适。"),
    )
    cover_asset_id = AssetField(
        label=_("揭幕图"), purpose=Purpose.SEALED, required=False, help_text=_("揭幕前保密。")
    )
    picture_ids = AssetField(
        label=_("更多图片"),
        purpose=Purpose.SEALED,
        most=8,
        required=False,
        help_text=_("揭幕前保密。"),
    )
    unveil_at = LocalTimeField(label=_("揭幕时刻"), required=False)
    session_id = forms.TypedChoiceField(
        label=_("舞台场次"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("在日程里有场次时，页面会写明舞台和时间。"),
    )
    quota = forms.IntegerField(
        label=_("首发数量"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("留空表示只揭幕，不发售。"),
    )
    price_minor = MoneyField(label=_("价格"), required=False)
    rule = forms.ChoiceField(
        label=_("发售规则"), choices=Rule.choices, initial=Rule.DRAW, widget=forms.RadioSelect
    )
    open_minutes = forms.TypedChoiceField(label=_("发售时长"), coerce=int, initial=60)
    pay_minutes = forms.TypedChoiceField(label=_("付款时限"), coerce=int, initial=15)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        exhibitor: Any,
        products: Iterable[Any],
        sessions: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["product_id"].choices = [("", _("不对应")), *((p.pk, p.title) for p in products)]
        fields["session_id"].choices = [("", _("没有舞台场次")), *sessions]
        fields["unveil_at"].zone = exhibitor.edition.time_zone
        for name, known in (("open_minutes", LENGTHS), ("pay_minutes", PAYING)):
            own = self.initial.get(name)
            offered = sorted({*known, own} - {None})
            fields[name].choices = [(each, length_text(each)) for each in offered]
        for name in ("teaser_asset_id", "cover_asset_id", "picture_ids"):
            fields[name].belongs_to(actor, exhibitor.organisation_id)


class DossierForm(NewDossierForm):
    """The same for a draft that exists."""

    edits = True


class QuotaForm(Form):
    """Another quantity for the first sale."""

    quota = forms.IntegerField(
        label=_("首发数量"),
        min_value=1,
        max_value=100_000,
        help_text=_("不能低于已被锁定或售出的数量；改动会公开记录在结果页。"),
    )


class RevokeForm(Form):
    """Why a certificate is void."""

    reason = TextField(
        label=_("撤销原因"),
        max_length=400,
        widget=_area(3),
        help_text=_("会公开显示在证书的核验页。"),
    )


class InstantForm(Form):
    """Another instant."""

    edits = True
    unveil_at = LocalTimeField(label=_("新的揭幕时刻"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unveil_at"]
        field.zone = zone


NEW = "new"
ADDRESS = ("name", "phone", "region", "street", "postcode")


class CheckOutForm(Form):
    """Where a won unit travels to: an address of one's book, or a new one. Nothing for files."""

    address = forms.ChoiceField(label=_("收货地址"), widget=forms.RadioSelect)
    name = TextField(label=_("收货人"), max_length=40, required=False)
    phone = TextField(label=_("电话"), max_length=30, required=False)
    region = TextField(label=_("省市区"), max_length=80, required=False)
    street = TextField(label=_("详细地址"), max_length=160, required=False)
    postcode = TextField(label=_("邮编"), max_length=12, required=False)

    def __init__(self, *args: Any, travels: bool, addresses: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not travels:
            for name in ("address", *ADDRESS):
                del self.fields[name]
            return
        known = [(str(a.pk), f"{a.name} {a.phone} {a.region}{a.street}") for a in addresses]
        field: Any = self.fields["address"]
        field.choices = [*known, (NEW, _("新地址"))]
        field.initial = field.choices[0][0]
        if not known:  # nothing to choose: the new address has to be filled in
            for name in ADDRESS[:-1]:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = _("请填写这一项。")
        for name, kind in (("name", "name"), ("phone", "tel"), ("postcode", "postal-code")):
            self.fields[name].widget.attrs["autocomplete"] = kind

    def clean(self) -> dict[str, Any]:
        """A new address needs all of its lines but the postcode."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("address") == NEW:
            for name in ADDRESS[:-1]:
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写这一项。"))
        return found

    def values(self) -> dict[str, Any]:
        """The arguments of `services.check_out`."""
        found = self.cleaned_data
        if "address" not in found:
            return {}
        if found["address"] != NEW:
            return {"address_id": int(found["address"])}
        return {"new_address": {name: found[name] for name in ADDRESS}}


class ReturnForm(Form):
    """Why a dossier is returned."""

    reason = TextField(
        label=_("退回原因"), max_length=400, widget=_area(3), help_text=_("对方会看到这段话。")
    )
