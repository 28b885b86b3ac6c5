"""Products and works: permanent; exhibits show them in an edition."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.states import PriceMode, ProductKind, ProductState
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual, speaks_english
from haishi.foundation.models import Versioned

# What a list sorted by price holds; prices in other currencies are not comparable.
PRICED = Q(state="listed", currency="CNY", price_minor__isnull=False)


class Category(models.Model):
    """A node of the two-level category tree."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True, default="")
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Brand(models.Model):
    """A regional brand channel such as 山东手造; its keeper admits products."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True, default="")
    intro = models.TextField(_("介绍"), max_length=1000, blank=True, default="")
    intro_en = models.TextField(_("英文介绍"), max_length=2000, blank=True, default="")
    keeper = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="+")
    picture_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)


class Product(Versioned):
    """A product or work of an organisation; outlives editions."""

    organisation = models.ForeignKey(
        "parties.Organisation", models.PROTECT, related_name="products"
    )
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=ProductKind, default=ProductKind.GOODS)
    state = models.CharField(max_length=10, choices=ProductState, default=ProductState.DRAFT)
    reason = models.CharField(max_length=400, blank=True, default="")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("分类"))
    brand = models.ForeignKey(
        Brand, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("区域品牌")
    )
    brand_admitted = models.BooleanField(default=False, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True, default="")
    summary = models.CharField(_("一句话介绍"), max_length=120, blank=True, default="")
    summary_en = models.CharField(_("英文一句话介绍"), max_length=240, blank=True, default="")
    description = models.TextField(_("详细介绍"), max_length=5000, blank=True, default="")
    description_en = models.TextField(_("英文详细介绍"), max_length=10000, blank=True, default="")
    tags = ArrayField(
        models.CharField(max_length=20), verbose_name=_("标签"), default=list, blank=True
    )
    tags_en = ArrayField(
        models.CharField(max_length=40), verbose_name=_("英文标签"), default=list, blank=True
    )
    price_mode = models.CharField(
        _("报价方式"), max_length=8, choices=PriceMode, default=PriceMode.REQUEST
    )
    # Minor units per `unit`; with tiers, the lowest price, so that lists can sort.
    price_minor = models.BigIntegerField(_("价格"), null=True, blank=True)
    currency = models.CharField(_("货币"), max_length=3, default="CNY")
    unit = models.CharField(_("计价单位"), max_length=12, blank=True, default="")
    unit_en = models.CharField(_("英文计价单位"), max_length=24, blank=True, default="")
    minimum = models.PositiveIntegerField(_("起订量"), default=1)
    picture_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    document_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    video_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)
    model_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    listed_at = models.DateTimeField(null=True, editable=False)
    # Listed, and its firm changed what a moderator judged; see the README.
    unreviewed = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(price_mode=PriceMode.REQUEST) | Q(price_minor__gte=0),
                name="price_when_priced",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProductState.RETURNED) | ~Q(reason=""),
                name="product_returned_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="product_firm"),
            models.Index(
                fields=["category", "-listed_at"],
                condition=Q(state="listed"),
                name="product_category",
            ),
            models.Index(
                fields=["-listed_at", "-id"], condition=Q(state="listed"), name="product_newest"
            ),
            models.Index(
                fields=["brand", "-listed_at"],
                condition=Q(state="listed", brand_admitted=True),
                name="product_brand",
            ),
            models.Index(fields=["price_minor", "-id"], condition=PRICED, name="product_price"),
            models.Index(
                fields=["category", "price_minor", "-id"],
                condition=PRICED,
                name="product_category_price",
            ),
            models.Index(
                fields=["kind", "price_minor", "-id"], condition=PRICED, name="product_kind_price"
            ),
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(state="submitted"),
                name="product_waiting",
            ),
            models.Index(
                fields=["updated_at", "id"], condition=Q(unreviewed=True), name="product_unreviewed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("catalogue:product", self.slug)

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)

    @property
    def line(self) -> Bilingual:
        """The line under the name."""
        return Bilingual(self.summary, self.summary_en)

    @property
    def words(self) -> list[str]:
        """The tags in the reader's language; in the other when there are none."""
        one, other = (self.tags_en, self.tags) if speaks_english() else (self.tags, self.tags_en)
        return one or other


class PriceTier(models.Model):
    """From `minimum` units on, one costs `price_minor`."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="price_tiers")
    minimum = models.PositiveIntegerField(_("起订量"))
    price_minor = models.BigIntegerField(_("单价"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "minimum"], name="tier_minimum_once"),
            models.CheckConstraint(
                condition=Q(minimum__gt=0, price_minor__gte=0), name="tier_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"≥ {self.minimum}: {self.price_minor}"


class Exhibit(models.Model):
    """A product shown by an exhibitor in an edition; re-confirmed on roll-over."""

    exhibitor = models.ForeignKey("expo.Exhibitor", models.CASCADE, related_name="exhibits")
    product = models.ForeignKey(Product, models.CASCADE, related_name="exhibits")
    featured = models.BooleanField(_("重点展品"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exhibitor", "product"], name="exhibit_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.exhibitor_id}"
