"""What every context is built on: the city, field types, append-only rows, audit, clock, API clients, roles."""
