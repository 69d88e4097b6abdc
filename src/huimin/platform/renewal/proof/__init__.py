"""The proof of consent: found in a minute, and where there is none the money goes back."""
