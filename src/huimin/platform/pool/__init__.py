"""The insurers who bear the risk together, their shares, and sharing amounts out to the fen."""
