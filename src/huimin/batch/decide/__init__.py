"""Bills decided by column, with a compiled kernel; and bill by bill, by the evaluator, with the same results."""
