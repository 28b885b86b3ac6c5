"""Compare a provider's statement of a day with the books."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haishi.foundation.errors import DomainError
from haishi.foundation.types import SYSTEM
from haishi.trade import selectors, services


class Command(BaseCommand):
    help = "Compare a statement FILE of a payment provider with the books; list the differences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--provider", required=True)
        parser.add_argument("--day", type=dt.date.fromisoformat, help="YYYY-MM-DD; else the file's")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
            made = services.reconcile(
                SYSTEM, options["provider"], content, path.name, options["day"]
            )
        except (OSError, DomainError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{made.provider} {made.day}: {made.matched}/{made.rows}")
        for row in selectors.differences_of(made):
            words = [row.get_row_kind_display(), row.reference, row.get_kind_display()]
            sums = f"{row.ours or '—'} / {row.theirs or '—'}"
            self.stdout.write(f"  {' '.join(map(str, words))}  {sums}  {row.get_reason_display()}")
