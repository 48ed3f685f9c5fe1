"""The benchmarks that count, at a size that takes seconds."""
