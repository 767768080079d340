"""Negations and absolute values among other ops, and near misses. A generator takes a kernel and gives the kernel's
results."""

SIGNS = ('"neg"', '"neg"', '"abs"', '"square"')


def values(k, count):
    """Of one shape, but now and then one that broadcasts, or that something else reads."""
    shape = k.pick((None, 5), (None, 3, 4), (2, 3))
    x = k.input(*shape)
    found = [k.activation(x, k.pick('"tanh"', '"silu"', '"sigmoid"')) for _ in range(count)]
    if k.chance(0.2):
        found[-1] = k.pick(k.param, k.input)(shape[-1])
    return found, k.pick([], [], [x], [found[0]])


def functions(k):
    """Of functions, up to four."""
    (x,), read = values(k, 1)
    for _ in range(k.pick(2, 3, 4)):
        x = k.scale(x) if k.chance(0.25) else k.activation(x, k.pick(*SIGNS))
    return [k.activation(x) if k.chance(0.5) else x, *read]


def negated(k, x, read):
    """Mostly; also where it is read elsewhere."""
    if k.chance(0.2):
        return x
    y = k.activation(x, '"neg"')
    if k.chance(0.1):
        read.append(y)
    return y


def arithmetic(k):
    found, read = values(k, k.pick(2, 3, 4))
    y = negated(k, found[0], read)
    for x in found[1:]:
        operands = [y, negated(k, x, read)]
        k.rng.shuffle(operands)
        y = k.binary(k.pick("add", "add", "subtract", "multiply"), *operands)
    return [y, *read]


def quotients(k):
    (x, z), read = values(k, 2)
    z = k.activation(k.activation(z, '"sigmoid"'), '"exp"')  # far from 0
    return [k.binary("divide", negated(k, x, read), negated(k, z, read)), *read]


def for_inference(k):
    """There, also where it is read elsewhere or broadcasts."""
    k.attributes["esper.infer"] = "unit"
    return k.pick(functions, arithmetic, quotients)(k)


def kept(k):
    """In training: where the sign of a zero gradient would be another, or the order of a gradient's sum."""
    x, spread = k.input(*k.pick((None, 5), (2, 3))), k.param(1)
    h = k.activation(x, '"tanh"')
    negation = k.activation(h, '"neg"')
    return [k.binary("add", x, negation), k.binary("add", x, k.activation(spread, '"neg"')),
            k.activation(k.activation(k.activation(x, '"silu"'), '"neg"'), '"abs"'),
            k.activation(k.activation(k.activation(x, '"silu"'), '"abs"'), '"square"'), h]


KEPT = (kept,)
ALGEBRA = (functions, arithmetic, quotients, for_inference, *KEPT)
