"""Attune: find a therapist who fits, and who has time for you."""
