"""The geometry of our own pictures: from rates to pixels in plain Python. Every rate arrives computed."""
