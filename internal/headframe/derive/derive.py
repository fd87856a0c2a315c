"""Derives the average head of package headframe: internal/headframe/data.go.

Run once, by hand; nothing in the build or the tests needs it:

    GEN=<folder of the head generator> HEADS=72 OUT=data.go \
        blender -b --factory-startup -P derive.py

GEN holds mhbase.py, headmodel.py and hairmodel.py of the generator that also
renders the demo case (truth heads). Its meshes are the CC0 base mesh and
targets of MakeHuman, so the numbers derived here are CC0 as well. Blender is
only used for its ray caster; nothing is rendered.

What it does
1. Builds HEADS random heads (two thirds male, all ages and origins) and casts
   rays from the centre (0, 38, 0) mm (head frame) through a grid of directions.
   Ears are left out; nose, mouth, neck and everything below are down-weighted,
   because the radius is no function of direction there or is not needed.
2. Divides each head by its size (mean radius over scalp and forehead), fits
   real spherical harmonics of degree L, mirrors, averages.
3. Principal components of the symmetric part (K modes) and of the asymmetric
   part (A modes) over scalp and forehead, each scaled to one standard deviation.
4. Sets the size: the average head gets the mean head breadth, length and
   circumference of adults (see ANTHRO), because the generator's own size is arbitrary.
5. Averages landmarks, the native outline of the scalp (hair-bearing border
   without any hair loss) with its spread, and the whorl.

Basis (as in sphere.go): with a unit direction (x, y, z), c + is = (z + ix)^m,
Y[l,m] = N Q[l,m](y) c and, for the asymmetric half, N Q[l,m](y) s, fully
normalised to mean square 1 over the sphere.
"""
import os
import sys
import numpy as np

sys.path.insert(0, os.environ['GEN'])
import headmodel as hm  # noqa: E402
import hairmodel as ha  # noqa: E402

L = 10          # degree: above it the mean residual on the scalp no longer falls by more than 0.1 mm
K, A = 6, 1     # symmetric and asymmetric modes
NSIDE = 6       # outline points per knot interval
HEADS = int(os.environ.get('HEADS', '72'))
C = np.array([0., 38., 0.])

# Means over men and women (two to one: the clients of the craft), mm. Zhuang &
# Bradtmiller 2005 (NIOSH survey, n = 3997): men breadth 153.0 ± 6.0, length
# 197.3 ± 7.4, circumference 575.7 ± 17.1; women 146.8 ± 5.6, 187.5 ± 7.2, 554.9 ± 17.7.
ANTHRO = dict(breadth=150.9, length=194.0, circumference=568.8)


def basis(d):
    """[n, (L+1)^2]: symmetric terms first (l major), then the asymmetric ones."""
    x, y, z = d[:, 0], d[:, 1], d[:, 2]
    p = (z + 1j * x)[:, None] ** np.arange(L + 1)
    Q = {}
    for m in range(L + 1):
        if m == 0:
            Q[0, 0] = np.ones(len(d))
        else:
            Q[m, m] = Q[m - 1, m - 1] * np.sqrt((2 * m + 1) / (2 * m)) * (np.sqrt(2) if m == 1 else 1)
        if m < L:
            Q[m + 1, m] = np.sqrt(2 * m + 3) * y * Q[m, m]
        for l in range(m + 2, L + 1):
            a = np.sqrt((4 * l * l - 1) / (l * l - m * m))
            b = np.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1))
            Q[l, m] = a * (y * Q[l - 1, m] - b * Q[l - 2, m])
    S = [Q[l, m] * p[:, m].real for l in range(L + 1) for m in range(l + 1)]
    T = [Q[l, m] * p[:, m].imag for l in range(L + 1) for m in range(1, l + 1)]
    return np.stack(S + T, 1)


NS = (L + 1) * (L + 2) // 2
DEG = np.array([l for l in range(L + 1) for m in range(l + 1)] + [l for l in range(L + 1) for m in range(1, l + 1)])


def chart_cells():
    """Directions of the coarse chart used for all heads, and the sphere area of each."""
    ax = np.arange(-245, 245.1, 5.0)
    U, V = np.meshgrid(ax, ax)
    uv = np.stack([U, V], -1).reshape(-1, 2)
    uv = uv[np.hypot(uv[:, 0], uv[:, 1]) < 244]
    th = np.hypot(uv[:, 0], uv[:, 1]) / hm.RC
    return uv, hm.from_chart(uv), np.sinc(th / np.pi)


def one(seed, uv, D):
    """One head: radii along D, weights, landmarks, outline, whorl; divided by nothing yet."""
    rng = np.random.default_rng(9000 + seed)
    sex = 1.0 if seed % 3 else 0.0
    w = rng.dirichlet([.6, .6, .6])
    h = hm.build(rng, sex, int(rng.integers(20, 68)), dict(caucasian=w[0], african=w[1], asian=w[2]), 1, size=1.0)
    c = hm.Chart(h, 3.0)
    R = c.samp(c.R, uv)
    P = h.C + D * R[:, None]
    # weights by place: scalp and forehead 1, eyes and cheeks little, nose and everything low almost nothing
    g = h.lm['glabella']
    low = np.where(P[:, 2] > 0, g[1] - 25 - 0.25 * (g[2] - P[:, 2]), -70 + 40 * np.clip((P[:, 2] + 70) / 70, 0, 1))
    wt = hm.smooth(low - 12, low + 12, P[:, 1])
    nose = (np.abs(P[:, 0]) < 16) & (P[:, 1] < g[1] - 14) & (P[:, 2] > 40)
    wt = np.where(nose, 0, wt)
    face = (P[:, 2] > 0) & (P[:, 1] > -40) & ~nose
    wt = np.maximum(wt, np.where(face, .08, .01))
    er = [hm.to_chart(h.V[h.m_ear > .4], h.C)[0]]
    from scipy.spatial import cKDTree
    wt = np.where(cKDTree(er[0]).query(uv)[0] < 7, .02, wt)
    knots = []
    closed = ha.closed_spline
    ha.closed_spline = lambda P_, spacing=.8: (knots.append(np.array(P_)), closed(P_, spacing))[1]
    s = ha.Scalp(h, c, rng, 'full', sex, dict(caucasian=w[0], african=w[1], asian=w[2]))
    ha.closed_spline = closed
    return h, R, wt, s, knots[0]


def outline(s, knots):
    """The native border resampled so that point i lies at the same place of every head."""
    poly = s.poly
    at = [int(np.argmin(np.linalg.norm(poly - k, axis=1))) for k in knots]
    at[0] = 0
    out = []
    for i, a in enumerate(at):
        b = at[(i + 1) % len(at)] if i + 1 < len(at) else len(poly)
        t = np.linspace(a, b, NSIDE, endpoint=False)
        j = np.clip(np.round(t).astype(int), 0, len(poly) - 1)
        out.append(s.poly3[j])
    return np.concatenate(out)


def main():
    uv, D, area = chart_cells()
    B = basis(D)
    heads = []
    for i in range(HEADS):
        h, R, wt, s, knots = one(i, uv, D)
        heads.append(dict(R=R, w=wt, lm=h.lm, ring=h.ring, out=outline(s, knots), whorl=s.whorl3, hf=s.hf, sex=i % 3 > 0))
        print('head', i, flush=True)
    WT = np.mean([h['w'] for h in heads], 0)
    core = area * (WT > .7)
    size0 = np.mean([np.sum(h['R'] * core) / core.sum() for h in heads])
    coef, size = [], []
    pull = np.clip(np.median([h['R'] for h in heads], 0), 70, 118)
    for h in heads:
        k = (np.sum(h['R'] * core) / core.sum()) / size0
        size.append(k)
        R = np.where(h['w'] > .05, np.clip(h['R'] / k, 60, 135), pull)
        w = h['w'] * area
        N = B.T @ (w[:, None] * B) + np.diag(1e-4 * w.sum() * (DEG * (DEG + 1.) / 110.) ** 2)
        coef.append(np.linalg.solve(N, B.T @ (w * R)))
    coef = np.array(coef)
    res = np.array([h['R'] / k - B @ c for h, k, c in zip(heads, size, coef)])
    print('size spread', np.std(size), 'fit residual, core: rms %.2f mm' % np.sqrt(np.mean(res[:, core > 0] ** 2)))
    mean = coef.mean(0)
    mean[NS:] = 0
    modes = []
    Wc = np.sqrt(core)
    for sel, k in ((slice(0, NS), K), (slice(NS, None), A)):
        X = coef - coef.mean(0)
        Y = np.zeros_like(X)
        Y[:, sel] = X[:, sel] if sel.start == 0 else coef[:, sel]
        F = (Y @ B.T) * Wc
        u, sv, _ = np.linalg.svd(F, full_matrices=False)
        var = sv ** 2 / np.sum(sv ** 2)
        print('explained', np.round(var[:8], 3), 'total rms mm', np.sqrt(np.sum(F ** 2) / core.sum() / len(heads)))
        for j in range(k):
            m = (u[:, j] * np.sqrt(len(heads))) @ Y / len(heads)
            f = B @ m
            if f[np.argmax(np.abs(f) * core)] < 0:
                m = -m
            modes.append(m)
    # size from anthropometry
    def dims(c):
        r = B @ c
        P = C + D * r[:, None]
        ok = WT > .5
        breadth = 2 * P[ok & (P[:, 1] > 30), 0].max()
        az = np.linspace(0, 2 * np.pi, 720, endpoint=False)
        gl = np.array([0, np.mean([h['lm']['glabella'][1] for h in heads]) , 0])
        occ = P[ok & (np.abs(P[:, 0]) < 3) & (P[:, 2] < 0)]
        front = P[(np.abs(P[:, 0]) < 3) & (P[:, 2] > 0) & (np.abs(P[:, 1] - gl[1]) < 6)]
        length = max(np.linalg.norm(front.mean(0) - o) for o in occ)
        o = occ[np.argmin(occ[:, 2])]
        a, b = front.mean(0), o
        best = 0
        # tape: plane through glabella and the back-most point
        d = (a - b) / np.linalg.norm(a - b)
        mid = (a + b) / 2
        q = []
        for t in az:
            v = np.cos(t) * d + np.sin(t) * np.array([1., 0, 0])
            p = mid + 80 * v
            for _ in range(40):
                e = p - C
                n = np.linalg.norm(e)
                p = mid + v * (np.linalg.norm(p - mid) - (n - (basis((e / n)[None]) @ c)[0]))
            q.append(p)
        q = np.array(q)
        return breadth, length, np.sum(np.linalg.norm(q - np.roll(q, 1, 0), axis=1)), o
    br, le, ci, occ = dims(mean)
    kk = (ANTHRO['breadth'] / br * ANTHRO['length'] / le * (ANTHRO['circumference'] / ci)) ** (1 / 3)
    print('generator mean breadth %.1f length %.1f circumference %.1f -> factor %.4f' % (br, le, ci, kk))
    for i, m in enumerate(modes):
        b2, l2, c2, _ = dims(mean + m)
        print('mode %d: breadth %+.1f length %+.1f circumference %+.1f rms %.2f' % (i, b2 - br, l2 - le, c2 - ci, np.sqrt(np.sum((B @ m) ** 2 * core) / core.sum())))
    C2 = C * kk
    mean, modes = mean * kk, [m * kk for m in modes]
    # landmarks: average position, as direction and ratio to the surface
    lm = {}
    for name in heads[0]['lm']:
        lm[name] = np.mean([h['lm'][name] / k for h, k in zip(heads, size)], 0) * kk
    for side, sg in (('L', 1), ('R', -1)):
        r = [h['ring'][side] for h in heads]
        f = lambda key: np.mean([q[key] / k for q, k in zip(r, size)]) * kk
        lm['ear_front_' + side] = np.array([f('x'), 0, f('zf')])
        lm['ear_back_' + side] = np.array([f('x'), 0, f('zb')])
    lm['whorl'] = np.mean([h['whorl'] / k for h, k in zip(heads, size)], 0) * kk
    for name in [n for n in lm if n.endswith('_L')]:
        o = name[:-1] + 'R'
        a = (lm[name] + lm[o] * [-1, 1, 1]) / 2
        lm[name], lm[o] = a, a * [-1, 1, 1]
    for name in lm:
        if name[-2:] not in ('_L', '_R'):
            lm[name][0] = 0
    az = np.arccos(np.clip(D[:, 1], -1, 1))
    r = B @ mean
    P = C2 + D * r[:, None]
    lm['vertex'] = P[np.argmax(P[:, 1])] * [0, 1, 1]
    lm['occiput'] = P[np.argmin(np.where((WT > .5), P[:, 2], 0))] * [0, 1, 1]
    # outline
    O = np.array([h['out'] / k for h, k in zip(heads, size)]) * kk
    n = O.shape[1]
    mir = np.roll(O[:, ::-1], 1, axis=1) * [-1, 1, 1]
    O = np.concatenate([O, mir])
    om = O.mean(0)
    dirs = (om - C2) / np.linalg.norm(om - C2, axis=1)[:, None]
    om = C2 + dirs * (basis(dirs) @ mean)[:, None]
    t = np.roll(om, -1, 0) - np.roll(om, 1, 0)
    nr = np.cross(t, dirs)
    nr /= np.linalg.norm(nr, axis=1)[:, None]
    sg = np.std(np.einsum('hij,ij->hi', O - om, nr), axis=0)
    print('outline points', n, 'sigma', np.round(sg[::6], 1))
    nf = 3 * NSIDE      # frontal arc: trichion to the recess apex is knots 0..3
    with open(os.environ['OUT'], 'w') as fh:
        fh.write('// Code generated by derive/derive.py; DO NOT EDIT.\n\npackage headframe\n\n')
        fh.write('// Numbers derived from the CC0 base mesh and targets of MakeHuman; see derive/derive.py.\n\n')
        fh.write(f'const (\n\tdegree = {L}\n\tsymmetric = {NS}\n\tterms = {(L + 1) ** 2}\n\tmodeCount = {K + A}\n\toutlineCount = {n}\n\tapexIndex = {nf}\n\ttempleIndex = {5 * NSIDE}\n\tcentreY = {C2[1]:.3f}\n)\n\n')
        rows = lambda M: '\n'.join('\t\t\t' + ' '.join(f'{v:.4f},' for v in M[i:i + 11]) for i in range(0, len(M), 11))
        fh.write('func meanCoefficients() [terms]float64 {\n\treturn [terms]float64{\n' + rows(mean) + '\n\t}\n}\n\n')
        fh.write('func modeCoefficients() [modeCount][terms]float64 {\n\treturn [modeCount][terms]float64{\n' + ''.join('\t\t{\n' + rows(m) + '\n\t\t},\n' for m in modes) + '\t}\n}\n\n')
        fh.write('// outlineDirections holds the mean native border: unit direction from the centre and the spread, mm, of the border between heads.\n')
        fh.write('func outlineDirections() [outlineCount][4]float64 {\n\treturn [outlineCount][4]float64{\n' + ''.join('\t\t{%.5f, %.5f, %.5f, %.2f},\n' % (*d, s) for d, s in zip(dirs, sg)) + '\t}\n}\n\n')
        fh.write('// landmarkPositions holds the landmarks of the average head, mm.\nfunc landmarkPositions() []landmark {\n\treturn []landmark{\n' + ''.join('\t\t{"%s", Vec{%.2f, %.2f, %.2f}},\n' % (k, *lm[k]) for k in sorted(lm)) + '\t}\n}\n')
    np.savez(os.environ['OUT'] + '.npz', mean=mean, modes=np.array(modes), outline=om, WT=WT, D=D, res=res)


main()
