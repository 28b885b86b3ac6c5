"""Providers at the edge of the world: servers on loopback that speak the real protocols."""
