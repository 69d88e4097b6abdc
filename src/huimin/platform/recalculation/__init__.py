"""Decides a cover year again from its facts, as a task, when terms or lists are corrected."""
