"""The message centre: messages to residents as they were sent, and whether they were read."""
