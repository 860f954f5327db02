"""The geometry of our own pictures: plain Python from rates to pixels. Every rate arrives already computed."""
