"""Files in: CSV, Excel and Parquet as columns or as texts; and the room in which a job keeps what comes out."""
