"""The insurers who bear the risk together, their shares, and the sharing out to the fen."""
