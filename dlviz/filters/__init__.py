"""What do the filters of a network look for?

Try first: watch random filters become edge detectors, and their maps with them. Then turn the
picture upside down with the knob and see when a 6 becomes a 9. Then draw a digit of your own, and
point at any map to see the window, the kernel and the sum behind each of its pixels.

Sources: LeCun et al., "Gradient-based learning applied to document recognition", 1998; Zeiler &
Fergus, "Visualizing and Understanding Convolutional Networks", 2014.
"""
