"""What can be seen in the blueprint alone, beyond what the reader refuses. One file a check."""
