"""A cover year decided again from its facts, as a task: when terms or lists are corrected, and to look back."""
