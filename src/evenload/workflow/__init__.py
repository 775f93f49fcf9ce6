"""The acting room: the only writers of records. Each action checks right and state, then changes, then journals, in one transaction."""
