"""Claude, asked for the specification of a described cohort."""
