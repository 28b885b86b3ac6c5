"""Runs the platform's processes: PostgreSQL, NATS, pages, worker, gateway, origin."""

from haishi.config.supervisor.children import Child, ChildFailed, Stopped, Supervisor
from haishi.config.supervisor.home import AlreadyRunning, Home
from haishi.config.supervisor.nats import Nats
from haishi.config.supervisor.postgres import Cluster, ClusterFailed, cluster_running
from haishi.config.supervisor.realtime import (
    GATEWAY_OFFSET,
    ORIGIN_OFFSET,
    RTMP_OFFSET,
    gateway_child,
    has_origin,
    origin_child,
)
from haishi.config.supervisor.web import (
    PortInUse,
    refuse_busy_port,
    web_child,
    worker_child,
)

__all__ = [
    "GATEWAY_OFFSET",
    "ORIGIN_OFFSET",
    "RTMP_OFFSET",
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
    "gateway_child",
    "has_origin",
    "origin_child",
    "refuse_busy_port",
    "web_child",
    "worker_child",
]
