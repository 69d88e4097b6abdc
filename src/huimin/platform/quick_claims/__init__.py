"""Claims without papers: by the insured's consent the bureau is asked for their settlements."""
