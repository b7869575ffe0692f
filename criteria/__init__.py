"""What competence is: the words of a standard, how its file is read, and the standards we ship."""
