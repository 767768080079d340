"""Holds an ONNX model to the interpreter, in onnxruntime.

    tez-onnx-check MODEL REFERENCES

REFERENCES is the folder that `tez compile --emit=onnx --references=` writes: calls, their results in fp64, and by how much each
may be missed: |y - A| <= absolute + relative * |A|, NaN only where A is NaN. Prints one JSON object: "runtime", "calls",
"worst_error" (the largest |y - A|), "worst_ratio" (the largest error / bound). Exit status: 0 the model computes the same;
3 it does not, or does not run; 4 it cannot be told: no onnxruntime here, or a file that cannot be read.
"""
import json
import pathlib
import sys

DIFFERS, ENVIRONMENT = 3, 4


class Wrong(Exception):
    """The model is."""


def open_session(runtime, path):
    options = runtime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is raised
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    content = path.read_bytes()  # what cannot be read is not the model's fault
    try:
        return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # of types that onnxruntime does not tell
        raise Wrong(f"the model does not load: {first_line(fault)}") from None


def first_line(fault):
    return str(fault).strip().split("\n")[0][:1000]


def run(np, session, inputs):
    wanted = session.get_inputs()
    if len(wanted) != len(inputs):
        raise Wrong(f"the model has {len(wanted)} inputs, expected {len(inputs)}")
    types = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16, "tensor(int64)": np.int64,
             "tensor(int32)": np.int32, "tensor(int16)": np.int16, "tensor(int8)": np.int8, "tensor(uint8)": np.uint8,
             "tensor(bool)": np.bool_}
    feed = {one.name: array.astype(types.get(one.type, array.dtype)) for one, array in zip(wanted, inputs)}
    try:
        return session.run(None, feed)
    except Exception as fault:
        raise Wrong(f"the model does not run: {first_line(fault)}") from None


def compare(np, found, expected, bound, name):
    """(largest error, largest error / bound)."""
    if found.shape != expected.shape:
        raise Wrong(f"{name} has the shape {list(found.shape)}, expected {list(expected.shape)}")
    found = found.astype(np.float64)
    allowed = bound["absolute"] + bound["relative"] * np.abs(expected)
    with np.errstate(invalid="ignore"):
        error = np.abs(found - expected)
        same = (found == expected) | (np.isnan(found) & np.isnan(expected)) | (np.isinf(found) & (found == expected.astype(np.float32)))
        error = np.where(same, 0, np.where(np.isnan(error), np.inf, error))
        ratio = np.where(same, 0, error / allowed)
        ratio = np.where(np.isnan(ratio), np.inf, ratio)
    if not ratio.size:
        return 0.0, 0.0
    worst = int(ratio.argmax())
    if ratio.flat[worst] > 1:
        raise Wrong(f"{name}: element {worst} is {found.flat[worst]:.9g}, expected {expected.flat[worst]:.9g} "
                    f"(bound {np.broadcast_to(allowed, expected.shape).flat[worst]:.3g})")
    return float(error.max()), float(ratio.max())


def check(np, runtime, model, folder):
    calls = json.loads((folder / "references.json").read_text())["calls"]
    if not calls:
        raise ValueError(f"{folder}: no calls to compare")
    session = open_session(runtime, model)
    errors = [(0.0, 0.0)]
    for number, call in enumerate(calls):
        found = run(np, session, [np.load(folder / name, allow_pickle=False) for name in call["inputs"]])
        if len(found) != len(call["outputs"]):
            raise Wrong(f"call {number}: the model has {len(found)} outputs, expected {len(call['outputs'])}")
        for i, output in enumerate(call["outputs"]):
            expected = np.load(folder / output["file"], allow_pickle=False)
            errors.append(compare(np, np.asarray(found[i]), expected, output, f"call {number}, output {i}"))
    return {"runtime": f"onnxruntime {runtime.__version__}", "calls": len(calls), "worst_error": max(e for e, _ in errors),
            "worst_ratio": max(r for _, r in errors)}


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import numpy
        import onnxruntime
    except ImportError as fault:
        print(f"error: onnxruntime is not installed for {sys.executable}: {fault}", file=sys.stderr)
        return ENVIRONMENT
    try:
        print(json.dumps(check(numpy, onnxruntime, pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))))
    except Wrong as fault:
        print(f"error: {fault}", file=sys.stderr)
        return DIFFERS
    except (OSError, ValueError, KeyError, MemoryError) as fault:
        print(f"error: {first_line(fault)}", file=sys.stderr)
        return ENVIRONMENT
    return 0


if __name__ == "__main__":
    sys.exit(main())
