"""Files of members and bills as columns, in types with which many rows are computed at once."""
