"""What leaves the house: rendered, sealed and proved. Only the worker and the command line enter here."""
