"""Halls and booths in the search index."""
