"""Reading the catalogue. What a person may not see does not exist."""

from haishi.catalogue.selectors.browse import *  # noqa: F403
from haishi.catalogue.selectors.core import *  # noqa: F403
from haishi.catalogue.selectors.desk import *  # noqa: F403
from haishi.catalogue.selectors.documents import *  # noqa: F403
from haishi.catalogue.selectors.list_pages import *  # noqa: F403
from haishi.catalogue.selectors.offers import *  # noqa: F403
from haishi.catalogue.selectors.product_page import *  # noqa: F403
from haishi.catalogue.selectors.queues import *  # noqa: F403
from haishi.catalogue.selectors.readers import *  # noqa: F403
from haishi.catalogue.selectors.rows import *  # noqa: F403
from haishi.catalogue.selectors.shown import *  # noqa: F403
