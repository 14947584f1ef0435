"""Retention: what booking no longer needs goes by itself."""
