"""A share of the bills that were decided automatically is drawn by chance, and people look whether they are right."""
