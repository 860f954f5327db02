"""Demonstration data: invented, plausible and the same every time (`load_demo`).

`build` plans it without touching the database; `muat` takes the plan through the same doors as real input;
`massal` fills test bidang in bulk for speed tests.
"""
