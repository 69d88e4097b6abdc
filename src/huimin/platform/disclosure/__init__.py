"""What an applicant was shown before paying, in which words, and what they confirmed."""
