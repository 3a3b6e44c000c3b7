"""Which optimizer comes down first, and why?

Try first: play the race, then turn the factor on all learning rates. At equal rates momentum
leads; give each rule its own best rate, and the field closes up.

Sources: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; Goh,
"Why Momentum Really Works", Distill 2017; Kingma & Ba, "Adam", ICLR 2015.
"""
