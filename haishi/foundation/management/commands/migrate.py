"""`manage migrate`, quick where there is nothing yet.

After each change of a model Django renders anew all models that hang together with it, and in this
house nearly all do: 17,000 renderings, nine tenths of the time that making all tables takes. On an
empty database only the neighbours of what changed are rendered: the tables come out the same, since
a foreign key needs no more than the name of the table it points to. A database that holds
something is brought up to date Django's way, because data migrations may walk from model to
model.

Source: django.db.migrations.state.ProjectState.reload_model.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class Command(migrate.Command):
    """Django's command; an empty database takes half its time."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to date. Raises CommandError."""
        recorder = MigrationRecorder(connections[options["database"]])
        with contextlib.nullcontext() if recorder.applied_migrations() else near_reloads():
            super().handle(*args, **options)


@contextlib.contextmanager
def near_reloads() -> Iterator[None]:
    """Within the block a changed model reloads its neighbours alone."""
    whole = ProjectState.reload_model

    def near(self: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
        whole(self, app_label, model_name, delay=True)

    ProjectState.reload_model = near  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.reload_model = whole  # type: ignore[method-assign]
