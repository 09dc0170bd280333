"""Every part of the look on pages one can open: for designing it and for seeing what a change does."""
