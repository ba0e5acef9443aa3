"""How alike synthetic patients are to real ones that their generator has not seen."""
