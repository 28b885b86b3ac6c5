"""What the benchmarks of live video share: an origin of their own, publishers, a page to watch."""
