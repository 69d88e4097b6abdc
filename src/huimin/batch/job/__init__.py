"""A job on one machine: small ones bill by bill, others in parts that are decided side by side."""
