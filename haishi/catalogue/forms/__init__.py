"""Forms of the catalogue."""

from haishi.catalogue.forms.exhibits import ArrangeForm  # noqa: F401
from haishi.catalogue.forms.moderation import ReasonForm  # noqa: F401
from haishi.catalogue.forms.products import ImportForm, NewProductForm, ProductForm  # noqa: F401
