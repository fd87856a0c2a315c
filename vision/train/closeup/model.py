"""The close-up network: picture to the expected number of hair roots per cell of four by four pixels.

Input: three colours relative to the picture's median, a plane that says the resolution, and two with the way hair lies here (a
unit vector), or zeros where that is not known. Output, on the grid of cells: 0 expected roots, before a softplus; 1 logit of "hair
passes here"; 2 logit of "the hair that passes here is too long to count"; 3, 4 which way a hair goes that is rooted here; 5 logit of
"something burned in hides the skin here".

Both ends of a clean stump look alike. So the network is asked twice: first without a heading; where its answers, pooled over a
neighbourhood, say which way hair lies, it is asked again with that.
Only layers that OpenCV 4.6 computes exactly.
"""
import torch
from torch import nn
from torch.nn import functional as F

CELL = 4
PLANES, OUT = 6, 6
STRIDE = 16  # pictures are padded to multiples of it


def conv(a, b, k=3, s=1, d=1):
    return nn.Sequential(nn.Conv2d(a, b, k, s, d * (k // 2), d), nn.ReLU(inplace=True))


class RootNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv(PLANES, 16, 5, 2)
        self.e2 = nn.Sequential(conv(16, 32, 3, 2), conv(32, 32))
        self.e3 = nn.Sequential(conv(32, 48, 3, 2), conv(48, 48))
        self.e4 = nn.Sequential(conv(48, 64, 3, 2), conv(64, 64, d=2), conv(64, 64, d=2))
        self.u3, self.d3 = conv(64 + 48, 48, 1), conv(48, 48)
        self.u2, self.d2 = conv(48 + 32, 32, 1), nn.Sequential(conv(32, 32), conv(32, 32))
        self.head = nn.Conv2d(32, OUT, 1)
        nn.init.constant_(self.head.bias, -3.0)

    def forward(self, x):
        a = self.e2(self.stem(x))
        b = self.e3(a)
        c = self.e4(b)
        y = self.d3(self.u3(torch.cat([F.interpolate(c, scale_factor=2, mode="nearest"), b], 1)))
        y = self.d2(self.u2(torch.cat([F.interpolate(y, scale_factor=2, mode="nearest"), a], 1)))
        return self.head(y)


def macs_per_pixel():
    """Multiply-adds per picture pixel."""
    conv = lambda a, b, k, stride: a * b * k * k / stride ** 2
    return (conv(PLANES, 16, 5, 2) + conv(16, 32, 3, 4) + conv(32, 32, 3, 4) + conv(32, 48, 3, 8) + conv(48, 48, 3, 8) + conv(48, 64, 3, 16)
            + 2 * conv(64, 64, 3, 16) + conv(112, 48, 1, 8) + conv(48, 48, 3, 8) + conv(80, 32, 1, 4) + 2 * conv(32, 32, 3, 4) + conv(32, OUT, 1, 4))
