"""What can be seen by using the app in process, as everybody it is for. One file a check."""
