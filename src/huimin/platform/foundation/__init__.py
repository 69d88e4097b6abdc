"""What every context stands on: city, fields, append-only base, audit, outbox, clock, clients, roles."""
