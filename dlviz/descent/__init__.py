"""How large may a step be before descent runs away?

Try first: play the picture, then turn the learning rate η from left to right. Descent creeps,
settles, oscillates, jumps to and fro, and runs away, at step sizes that the curvature λ of the
surface foretells.

Sources: Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées",
1847; LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998, figures 6, 9 and 11.
"""
