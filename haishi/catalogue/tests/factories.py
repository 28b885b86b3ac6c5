"""The least valid category, brand, product and exhibit."""

import factory

from haishi.catalogue.models import Brand, Category, Exhibit, PriceTier, Product
from haishi.foundation import clock
from haishi.parties.tests.factories import OrganisationFactory


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    slug = factory.Sequence("category-{}".format)
    name = "文创礼品"
    name_en = "Cultural gifts"


class BrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brand

    slug = factory.Sequence("brand-{}".format)
    name = "山东手造"
    name_en = "Shandong Handmade"
    keeper = factory.SubFactory(OrganisationFactory)


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    organisation = factory.SubFactory(OrganisationFactory)
    category = factory.SubFactory(CategoryFactory)
    slug = factory.Sequence("kite-{}".format)
    name = "沙燕风筝"
    name_en = "Swallow kite"
    summary = "潍坊手扎，可折叠"
    description = "竹骨绢面，手绘纹样，三件装。"


class ListedFactory(ProductFactory):
    """What everybody sees."""

    state = "listed"
    listed_at = factory.LazyFunction(clock.now)


class PriceTierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceTier

    product = factory.SubFactory(ProductFactory)
    minimum = 1
    price_minor = 3800


class ExhibitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Exhibit

    product = factory.SubFactory(ListedFactory)
