"""What becomes of a policy after it was issued: how it stands, giving it up, what comes back, corrections, its end."""
