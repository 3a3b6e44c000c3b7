"""Where does a network draw the line?

Try first: play the picture and watch a circle grow out of straight lines, then go back to the
epoch in which it closed. Turn the learning rate η: too small creeps, too large never settles.

Sources: Smilkov et al., "Direct-Manipulation Visualization of Deep Networks" (TensorFlow
Playground), 2017; Minsky & Papert, "Perceptrons", 1969; Rumelhart, Hinton & Williams, "Learning
representations by back-propagating errors", 1986.
"""
