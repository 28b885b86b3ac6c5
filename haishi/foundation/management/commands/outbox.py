"""Look at parked facts, and let them be tried again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models.functions import Now

from haishi.foundation.models import Outbox


class Command(BaseCommand):
    help = "List parked events; with --retry, put them back in the queue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        parked = Outbox.objects.filter(parked=True).order_by("id")
        for row in parked:
            self.stdout.write(f"{row.pk} {row.label} {row.payload} {row.last_error}")
        if options["retry"]:
            count = parked.update(parked=False, failures=0, next_try_at=Now())
            self.stdout.write(f"{count} put back")
