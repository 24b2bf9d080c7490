"""Reference values for the tests of src/nn: results and gradients of PyTorch (and of optax, where PyTorch has none), in f64.

    pip install torch optax && python scripts/references/nn.py

Writes tests/references/nn.json. Inputs have four decimals, so that they are the same numbers in f32 texts and in f64.
"""

import json
import math
import pathlib

import jax
import jax.numpy as jnp
import optax
import torch
import torch.nn.functional as F

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(1)


def draw(*shape, low=-1.0, high=1.0):
    uniform = torch.rand(shape, generator=generator) * (high - low) + low
    return torch.round(uniform * 1e4) / 1e4


def flat(tensor):
    return [float(f"{x:.12g}") for x in torch.as_tensor(tensor).detach().reshape(-1).tolist()]


cases = {}


def case(name, function, inputs, fixed=()):
    """The function's result for the inputs, and the gradients of its inner product with a cotangent. `fixed` are inputs without a gradient."""
    leaves = [tensor.clone().requires_grad_(True) for tensor in inputs]
    y = function(*leaves, *fixed)
    cotangent = draw(*y.shape)
    gradients = torch.autograd.grad((y * cotangent).sum(), leaves)
    cases[name] = {
        "inputs": [flat(x) for x in [*inputs, *fixed]],
        "cotangent": flat(cotangent),
        "y": flat(y),
        "gradients": [flat(g) for g in gradients],
    }


def layers():
    case("linear", lambda x, w, b: x @ w + b, [draw(2, 3, 4), draw(4, 5), draw(5)])
    wide = lambda *shape: draw(*shape, low=-4, high=4)
    case("leakyRelu", lambda x: F.leaky_relu(x, 0.1), [wide(3, 4)])
    case("elu", lambda x: F.elu(x, 1.5), [wide(3, 4)])
    case("gelu", F.gelu, [wide(3, 4)])
    case("geluTanh", lambda x: F.gelu(x, approximate="tanh"), [wide(3, 4)])
    case("silu", F.silu, [wide(3, 4)])
    case("softplus", F.softplus, [wide(3, 4)])
    case("mish", F.mish, [wide(3, 4)])
    case("softmax", lambda x: F.softmax(x, -1), [wide(2, 3, 4)])

    labels = torch.tensor([[0, 3, 2], [1, 1, 4]])
    entropy = lambda **options: lambda x, t: F.cross_entropy(x.permute(0, 2, 1), t, **options)
    case("softmaxCrossEntropy", entropy(), [wide(2, 3, 5)], [labels])
    case("softmaxCrossEntropySmooth", entropy(label_smoothing=0.2), [wide(2, 3, 5)], [labels])
    case("softmaxCrossEntropyWeights", lambda x, t: F.cross_entropy(x, F.softmax(t, -1)), [wide(3, 5)], [draw(3, 5)])
    case("binaryCrossEntropy", lambda z, t: F.binary_cross_entropy_with_logits(z, t), [wide(3, 4)], [draw(3, 4, low=0)])
    case("meanSquaredError", lambda p, t: F.mse_loss(p, t), [draw(3, 4), draw(3, 4)])
    case("huber", lambda p, t: F.huber_loss(p, t, delta=0.7), [wide(3, 4), draw(3, 4)])

    case("layerNorm", lambda x, g, b: F.layer_norm(x, (4,), g, b), [draw(2, 3, 4), draw(4), draw(4)])
    case("rmsNorm", lambda x, g: F.rms_norm(x, (4,), g, eps=1e-5), [draw(2, 3, 4), draw(4)])
    norm = lambda x, g, b: F.batch_norm(x, None, None, g, b, training=True)
    case("batchNorm", norm, [draw(5, 3), draw(3), draw(3)])
    case("batchNorm2d", norm, [draw(2, 3, 2, 2), draw(3), draw(3)])
    still = lambda x, g, b, m, v: F.batch_norm(x, m, v, g, b, training=False)
    case("batchNormInference", still, [draw(5, 3), draw(3), draw(3)], [draw(3), draw(3, low=0.5)])

    case("embedding", lambda table, ids: F.embedding(ids, table), [draw(5, 3)], [torch.tensor([[0, 4, 2], [4, 4, 1]])])
    case("conv1d", lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1), [draw(2, 3, 7), draw(4, 3, 3), draw(4)])
    case("conv2d", lambda x, w, b: F.conv2d(x, w, b, padding=1), [draw(2, 3, 4, 5), draw(4, 3, 3, 3), draw(4)])
    case("maxPool2d", lambda x: F.max_pool2d(x, 2), [draw(2, 3, 4, 4)])
    case("meanPool2d", lambda x: F.avg_pool2d(x, 2), [draw(2, 3, 4, 4)])
    case("lowRank", lambda x, w, u, v: x @ w + 0.5 * (x @ u @ v), [draw(3, 6), draw(6, 5), draw(6, 2), draw(2, 5)])


def tables(t, e):
    angle = torch.arange(t)[:, None] * 10000.0 ** (-torch.arange(e // 2) * 2 / e)
    return [angle.cos(), angle.sin()]


def rotate(x, cos, sin):
    """Halves of the last axis as the parts of complex numbers, turned by position times frequency; x is [b, h, t, e]."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def attentions():
    b, t, i, h, e, o = 2, 4, 6, 2, 4, 5
    split = lambda x, w: torch.einsum("bti,ihe->bhte", x, w)
    merge = lambda y, w: torch.einsum("bhte,heo->bto", y, w)

    def attend(turn=lambda x: x, causal=False):
        def function(x, q, k, v, out, *angles):
            heads = F.scaled_dot_product_attention(turn(split(x, q), *angles), turn(split(x, k), *angles), split(x, v), is_causal=causal)
            return merge(heads, out)

        return function

    weights = lambda: [draw(i, h, e), draw(i, h, e), draw(i, h, e), draw(h, e, o)]
    case("rotary", rotate, [draw(b, h, t, e)], tables(t, e))
    case("multiHeadAttention", attend(), [draw(b, t, i), *weights()])
    case("multiHeadAttentionCausal", attend(causal=True), [draw(b, t, i), *weights()])
    case("multiHeadAttentionRotary", attend(rotate, True), [draw(b, t, i), *weights()], tables(t, e))

    def cross(x, c, q, k, v, out):
        return merge(F.scaled_dot_product_attention(split(x, q), split(c, k), split(c, v)), out)

    case("crossAttention", cross, [draw(b, t, i), draw(b, 3, 7), draw(i, h, e), draw(7, h, e), draw(7, h, e), draw(h, e, o)])

    def grouped(x, q, k, v, out, *angles):
        queries = torch.einsum("bti,ikge->bkgte", x, q).reshape(b, 4, t, e)
        y = F.scaled_dot_product_attention(rotate(queries, *angles), rotate(split(x, k), *angles), split(x, v), is_causal=True, enable_gqa=True)
        return torch.einsum("bkgte,kgeo->bto", y.reshape(b, 2, 2, t, e), out)

    case("groupedQueryAttention", grouped, [draw(b, t, i), draw(i, 2, 2, e), draw(i, 2, e), draw(i, 2, e), draw(2, 2, e, o)], tables(t, e))

    def block(x, g1, b1, q, k, v, out, g2, b2, w1, c1, w2, c2):
        x = x + attend(causal=True)(F.layer_norm(x, (i,), g1, b1), q, k, v, out)
        hidden = F.gelu(F.layer_norm(x, (i,), g2, b2) @ w1 + c1)
        return x + hidden @ w2 + c2

    parts = [draw(i), draw(i), draw(i, h, e), draw(i, h, e), draw(i, h, e), draw(h, e, i), draw(i), draw(i), draw(i, 8), draw(8), draw(8, i), draw(i)]
    case("transformerBlock", block, [draw(b, t, i), *parts])


def recurrences():
    b, t, i, h = 2, 5, 3, 4

    def run(kind, gates):
        """Weights are [in, gates, hidden] here, [gates * hidden, in] there. The reset gate of a GRU has a bias of its own for the state."""

        def function(x, *given):
            states, (wx, wh, *biases) = given[: 2 if kind is torch._VF.lstm else 1], given[2 if kind is torch._VF.lstm else 1 :]
            bx = biases[0].reshape(-1)
            bh = biases[1].reshape(-1) if len(biases) > 1 else torch.zeros_like(bx)
            flat_weights = [wx.reshape(i, -1).T, wh.reshape(h, -1).T, bx, bh]
            hidden = tuple(s[None] for s in states) if len(states) > 1 else states[0][None]
            return kind(x, hidden, flat_weights, True, 1, 0.0, False, False, True)[0]

        return function

    case("rnn", run(torch._VF.rnn_tanh, 1), [draw(b, t, i), draw(b, h), draw(i, h), draw(h, h), draw(h)])
    case("gru", run(torch._VF.gru, 3), [draw(b, t, i), draw(b, h), draw(i, 3, h), draw(h, 3, h), draw(3, h), draw(3, h)])
    case("lstm", run(torch._VF.lstm, 4), [draw(b, t, i), draw(b, h), draw(b, h), draw(i, 4, h), draw(h, 4, h), draw(4, h)])


def optimizers():
    start, slopes = draw(6), [draw(6) for _ in range(6)]

    def trained(make):
        w = start.clone().requires_grad_(True)
        optimizer = make([w])
        path = []
        for slope in slopes:
            w.grad = slope.clone()
            optimizer.step()
            path.append(flat(w))
        return path

    def with_optax(transform):
        w, state, path = jnp.array(start.numpy()), None, []
        state = transform.init(w)
        for slope in slopes:
            step, state = transform.update(jnp.array(slope.numpy()), state, w)
            w = optax.apply_updates(w, step)
            path.append([float(x) for x in w])
        return path

    return {
        "start": flat(start),
        "gradients": [flat(g) for g in slopes],
        "paths": {
            "sgd": trained(lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.1)),
            "momentum": trained(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, weight_decay=0.1)),
            "nesterov": trained(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True)),
            "rmsprop": trained(lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9)),
            "adam": trained(lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1)),
            "adamW": trained(lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1)),
            "lion": with_optax(optax.lion(0.01, weight_decay=0.1)),
        },
        "clipped": clipped(),
    }


def clipped():
    pair = [draw(2, 3), draw(4)]
    results = {}
    for name, clip in {
        "byGlobalNorm": lambda p: torch.nn.utils.clip_grad_norm_(p, 0.5),
        "byValue": lambda p: torch.nn.utils.clip_grad_value_(p, 0.3),
    }.items():
        parameters = [torch.zeros_like(g).requires_grad_(True) for g in pair]
        for p, g in zip(parameters, pair):
            p.grad = g.clone()
        clip(parameters)
        results[name] = [flat(p.grad) for p in parameters]
    return {"gradients": [flat(g) for g in pair], **results}


def schedules():
    def rates(make, rate, steps=20):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
        schedule = make(optimizer)
        path = []
        for _ in range(steps):
            path.append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
        return [float(f"{x:.12g}") for x in path]

    warm = optax.warmup_cosine_decay_schedule(0.0, 0.1, 5, 18, 0.01)
    scheduler = torch.optim.lr_scheduler
    return {
        "stepwise": rates(lambda o: scheduler.StepLR(o, 4, 0.5), 0.1),
        "exponentialDecay": rates(lambda o: scheduler.ExponentialLR(o, 0.9), 0.1),
        "cosineDecay": rates(lambda o: scheduler.CosineAnnealingLR(o, 19, 0.01), 0.1),
        "warmupCosine": [float(f"{float(warm(step)):.12g}") for step in range(20)],
        "oneCycle": rates(lambda o: scheduler.OneCycleLR(o, 0.1, 20, cycle_momentum=False), 0.1),
    }


layers()
attentions()
recurrences()
path = pathlib.Path(__file__).parents[2] / "tests" / "references" / "nn.json"
versions = f"torch {torch.__version__.split('+')[0]}, jax {jax.__version__}, optax {optax.__version__}"
text = {"madeBy": "scripts/references/nn.py", "with": versions, "layers": cases, "optimizers": optimizers(), "schedules": schedules()}
assert all(math.isfinite(x) for entry in cases.values() for x in entry["y"])
path.parent.mkdir(exist_ok=True)
rows = lambda value: json.dumps(value, separators=(",", ":"))
sections = [f'"{key}":{rows(value)}' for key, value in text.items() if key != "layers"]
entries = ",\n".join(f'"{key}":{rows(value)}' for key, value in cases.items())
path.write_text("{" + ",\n".join(sections) + ',\n"layers":{\n' + entries + "\n}}\n")
