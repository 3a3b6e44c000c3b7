"""Can a network be trained not to be fooled?

Try first: let both networks train, one on digits as they are, one on digits as an attacker would
have them; then turn ε. Look at the price, at a defense that only hides its slope, and at one that
can be proved.

Sources: Madry et al., "Towards deep learning models resistant to adversarial attacks", 2018;
Athalye, Carlini & Wagner, "Obfuscated gradients give a false sense of security", 2018; Cohen,
Rosenfeld & Kolter, "Certified adversarial robustness via randomized smoothing", 2019.
"""
