"""Money that goes back to payers, by the road by which it came: owed, asked of the payment company, done or refused."""
