"""Into how many pieces does a network fold the plane?

Try first: add units to one layer and count 2, 4, 7, 11 regions. Then put four of them into a
second layer that folds first: 11 become 44, and 176 with a third. Then draw the weights at random
and see that such networks do not fold at all.

Sources: Montúfar, Pascanu, Cho & Bengio, "On the number of linear regions of deep neural
networks", NIPS 2014; Hanin & Rolnick, "Deep ReLU Networks Have Surprisingly Few Activation
Patterns", NeurIPS 2019; Zaslavsky, "Facing up to Arrangements", 1975.
"""
