"""The charts of what weights do: how often each subject leads and, of many, has each rank."""
