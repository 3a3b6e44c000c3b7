"""What a convolution costs, and a fully connected layer between the same sizes: whole numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Exact counts for one image and one kernel, at stride 1 without padding.

    Parameters
    ----------
    outputs : how many numbers come out
    weights : of the kernel
    products : multiplications of the convolution
    flops : multiplications and additions: 2 k − 1 for each output
    dense_weights : of a fully connected layer from the image to as many outputs
    dense_flops : of that layer, one multiplication and one addition for each weight
    """

    outputs: int
    weights: int
    products: int
    flops: int
    dense_weights: int
    dense_flops: int


def cost(height: int, width: int, kernel_height: int, kernel_width: int) -> Cost:
    """Count what it takes to convolve an image with a kernel."""
    outputs = max(0, height - kernel_height + 1) * max(0, width - kernel_width + 1)
    taps = kernel_height * kernel_width
    dense = height * width * outputs
    return Cost(outputs, taps, outputs * taps, outputs * (2 * taps - 1), dense, 2 * dense)
