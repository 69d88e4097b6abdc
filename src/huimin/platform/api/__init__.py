"""The JSON API: it translates requests to services and holds no rules."""
