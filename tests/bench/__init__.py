"""What `make bench` measures: medians and ratios against a named peer, all in one run, because machines are noisy."""
