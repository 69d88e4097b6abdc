"""Decisions as Parquet, packed by a writer of our own where they are many."""
