"""Runs the platform's processes: embedded PostgreSQL and NATS, the web server and the worker."""

from haishi.config.supervisor.children import Child, ChildFailed, Stopped, Supervisor
from haishi.config.supervisor.home import AlreadyRunning, Home
from haishi.config.supervisor.nats import Nats
from haishi.config.supervisor.postgres import Cluster, ClusterFailed, cluster_running
from haishi.config.supervisor.web import (
    PortInUse,
    refuse_busy_port,
    web_child,
    worker_child,
)

__all__ = [
    "AlreadyRunning",
    "Child",
    "ChildFailed",
    "Cluster",
    "ClusterFailed",
    "Home",
    "Nats",
    "PortInUse",
    "Stopped",
    "Supervisor",
    "cluster_running",
    "refuse_busy_port",
    "web_child",
    "worker_child",
]
