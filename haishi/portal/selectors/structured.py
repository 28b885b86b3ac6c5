"""schema.org descriptions as JSON-LD; the function itself belongs to the foundation."""

from haishi.foundation.structured import json_ld

__all__ = ["json_ld"]
