"""The real-time gateway: rooms over WebSocket. Never imports Django; speaks `wire` and NATS."""
