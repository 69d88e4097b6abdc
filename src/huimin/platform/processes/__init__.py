"""The processes of one server: helpers and what restarts them, and how the web takes requests (ADR 21)."""
