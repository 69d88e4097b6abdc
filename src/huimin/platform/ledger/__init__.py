"""The journal: balanced entries, appended and never changed."""
