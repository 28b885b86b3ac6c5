"""What the portal adds to the archive of an edition."""

from haishi.expo.services import register_archive_pages
from haishi.portal import selectors

register_archive_pages("portal", selectors.edition_paths)
