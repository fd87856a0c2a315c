"""The head network: a small residual encoder-decoder built only from layers that OpenCV 4.6 reads exactly."""
import torch
from torch import nn

CLASSES = ("background", "clothes", "skin", "scalp", "ear", "brow")
CHANNELS = len(CLASSES) + 6  # class logits, hair logit, log1p density, x, y, z, growth logit
HAIR, DENSITY, POS, GROWN = 6, 7, slice(8, 11), 11
SIZE = 256  # side of the square input, pixels
STRIDE = 2  # input pixels per output pixel


def conv(cin, cout, k=3, stride=1, dilation=1):
    pad = dilation * (k // 2)
    return nn.Sequential(nn.Conv2d(cin, cout, k, stride, pad, dilation, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True))


class Residual(nn.Module):
    """Two 3x3 convolutions around an identity."""

    def __init__(self, c, dilation=1):
        super().__init__()
        self.a = conv(c, c, dilation=dilation)
        self.b = nn.Sequential(nn.Conv2d(c, c, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(c))

    def forward(self, x):
        return torch.relu(x + self.b(self.a(x)))


class Up(nn.Module):
    """Doubles x, adds what the encoder saw at that size, and smooths."""

    def __init__(self, cin, skip, cout):
        super().__init__()
        self.low = nn.Conv2d(cin, cout, 1, bias=False)
        self.side = nn.Conv2d(skip, cout, 1, bias=False)
        self.norm = nn.BatchNorm2d(cout)
        self.mix = Residual(cout) if cout > 24 else conv(cout, cout)

    def forward(self, x, skip):
        x = nn.functional.interpolate(self.low(x), scale_factor=2.0, mode="nearest")
        return self.mix(torch.relu(self.norm(x + self.side(skip))))


class HeadNet(nn.Module):
    """1x3x256x256 RGB in 0..1 -> 1x12x128x128."""

    def __init__(self, w=(16, 32, 64, 112, 136)):
        super().__init__()
        self.s1 = nn.Sequential(conv(3, w[0], stride=2), conv(w[0], w[0]))
        self.s2 = nn.Sequential(conv(w[0], w[1], stride=2), Residual(w[1]))
        self.s3 = nn.Sequential(conv(w[1], w[2], stride=2), Residual(w[2]))
        self.s4 = nn.Sequential(conv(w[2], w[3], stride=2), Residual(w[3]))
        self.s5 = nn.Sequential(conv(w[3], w[4], stride=2), Residual(w[4]), Residual(w[4], 2))
        self.u4 = Up(w[4], w[3], 80)
        self.u3 = Up(80, w[2], 56)
        self.u2 = Up(56, w[1], 32)
        self.u1 = Up(32, w[0], 24)
        self.out = nn.Conv2d(24, CHANNELS, 1)

    def forward(self, x):
        a = self.s1(x * 2.0 - 1.0)
        b = self.s2(a)
        c = self.s3(b)
        d = self.s4(c)
        return self.out(self.u1(self.u2(self.u3(self.u4(self.s5(d), d), c), b), a))


def macs(net):
    """Multiply-adds of one pass at SIZE."""
    total = []
    hooks = [m.register_forward_hook(lambda m, i, o: total.append(o.numel() * m.weight[0].numel())) for m in net.modules() if isinstance(m, nn.Conv2d)]
    net.eval()
    with torch.no_grad():
        net(torch.zeros(1, 3, SIZE, SIZE))
    for h in hooks:
        h.remove()
    return sum(total)
