"""A resident's own consent to automatic renewal: in which words, when, and whether it still stands."""
