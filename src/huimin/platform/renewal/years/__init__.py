"""Cover years that people had: by our own policies, and those that older insurers' lists tell of."""
