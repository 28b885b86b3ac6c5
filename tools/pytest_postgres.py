"""pytest plugin: one throw-away PostgreSQL for a test run, unless DATABASE_URL names one.

The controlling process starts it before Django reads its settings; xdist workers inherit the
address through the environment. It forgets everything (no fsync) and is deleted at the end; when
the run is killed, the kernel stops the server with it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from haishi.config.supervisor.home import Home
from haishi.config.supervisor.postgres import FORGETFUL, Cluster, cluster_running
from tools import kept_cluster

_stack = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the server ahead of pytest-django, which loads the settings in this same hook."""
    known = early_config.known_args_namespace
    if not os.environ.get("DATABASE_URL") and not known.help and not known.version:
        folder = Path(tempfile.mkdtemp(prefix="haishi-test-"))
        folder.chmod(0o711)
        _stack.callback(shutil.rmtree, folder, ignore_errors=True)
        kept_cluster.furnish(folder)
        cluster = Cluster(Home(folder), FORGETFUL)
        os.environ["HAISHI_TEST_TEMPLATE"] = kept_cluster.TEMPLATE
        _stack.callback(os.environ.pop, "HAISHI_TEST_TEMPLATE", None)
        os.environ["DATABASE_URL"] = _stack.enter_context(cluster_running(cluster))
        _stack.callback(os.environ.pop, "DATABASE_URL", None)
        # Files a test writes must not land in the developer's own installation.
        if not os.environ.get("HAISHI_HOME"):
            os.environ["HAISHI_HOME"] = str(folder)
            _stack.callback(os.environ.pop, "HAISHI_HOME", None)
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # A home each: what one clears away at the start of a demo is not another's.
        home = Path(os.environ.get("HAISHI_HOME") or tempfile.mkdtemp(prefix="haishi-test-"))
        os.environ["HAISHI_HOME"] = str(home / worker)
        (home / worker).mkdir(parents=True, exist_ok=True)
    return (yield)


def pytest_unconfigure() -> None:
    """Stop and delete the server; in a worker there is nothing to stop."""
    _stack.close()
