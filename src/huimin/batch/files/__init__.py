"""Reading CSV, Excel and Parquet as columns or as texts; and the directory in which a job keeps unfinished work."""
