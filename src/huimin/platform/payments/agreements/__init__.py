"""Agreements by which the payment company takes premiums without the payer at a page (委托代扣)."""
