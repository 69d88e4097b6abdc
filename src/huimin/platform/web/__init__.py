"""The pages: they translate requests to services and hold no rules."""
