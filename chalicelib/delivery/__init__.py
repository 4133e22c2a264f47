"""Getting an alert told, whatever the channel is."""
