"""One script for each number we claim, and the maker of the pictures."""
