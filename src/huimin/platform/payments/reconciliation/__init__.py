"""Each day's file of a payment company, compared with our receipts: a day is closed when everything is explained."""
