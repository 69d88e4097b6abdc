"""Django's back end for PostgreSQL, with limits on waiting: see `base`."""
