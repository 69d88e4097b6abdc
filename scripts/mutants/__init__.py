"""What `make mutation-platform` is made of: small changes to the platform's code, and the tests that should notice."""
