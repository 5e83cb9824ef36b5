"""The faces: command line and chat page."""
