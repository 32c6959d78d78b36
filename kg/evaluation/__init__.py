"""Scoring against annotated documents: what was found, what was joined, what was claimed."""
