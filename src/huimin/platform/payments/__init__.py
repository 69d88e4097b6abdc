"""Money in and out, behind one interface to providers."""
