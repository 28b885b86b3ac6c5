"""Everything that changes products, exhibits, categories and brand channels."""

from haishi.catalogue.services.exhibits import (  # noqa: F401
    arrange,
    carry_over,
    exhibit,
    recount,
    take_down,
)
from haishi.catalogue.services.indexing import index_products  # noqa: F401
from haishi.catalogue.services.moderation import (  # noqa: F401
    acknowledge,
    admit,
    approve,
    decline,
    return_,
)
from haishi.catalogue.services.products import (  # noqa: F401
    create,
    discard,
    duplicate,
    edit,
    order_pictures,
    submit,
    withdraw,
)
from haishi.catalogue.services.tables import import_products  # noqa: F401
from haishi.catalogue.services.tree import make_brand, make_category  # noqa: F401
