"""Check a published draw: python3 verify_draw.py draw.json  (needs nothing but Python)."""
import hashlib
import json
import pathlib
import sys

draw = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
def sha(text): return hashlib.sha256(text.encode()).hexdigest()
seed, tickets = draw["seed"], sorted(draw["tickets"])
assert sha(seed) == draw["commitment"], "the seed is not the one that was committed to"
assert len(set(tickets)) == len(tickets), "a ticket is listed twice"
digest = sha("\n".join(tickets))
order = sorted(tickets, key=lambda ticket: (sha(f"{seed}:{digest}:{ticket}"), ticket))
assert order[: draw["quota"]] == draw["winners"], "the winners are not those of the draw"
print(f"{len(tickets)} tickets, {len(draw['winners'])} winners: the draw is right")
