"""Build the search index anew; pages keep answering from the old one meanwhile."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from haishi.search import services
from haishi.search.errors import IndexBusy


class Command(BaseCommand):
    help = "Build the search index anew from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = services.rebuild()
        except IndexBusy as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("已重建索引：%d 条") % count)
