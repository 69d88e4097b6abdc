"""Facts as columns: what a file of members or bills says, in types that many rows at once are computed with."""
