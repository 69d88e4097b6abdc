"""Seals: facts in blocks of digests, each chained to the one before, so that no change goes unseen."""
