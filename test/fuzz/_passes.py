"""The passes that `tez compile` can do without, by the compiler's own word."""
import functools
import re
import subprocess

# Not part of the pipeline by default: without these options leaving them out changes nothing.
REACHED_BY = {"esper-fuse-convolution": {"--target": "cuda"}}
# Kernels of fewer bits need them, the compiler says.
NEEDED_FOR_FEWER_BITS = {"esper-freeze-state", "esper-specialize-infer"}


def refusal(tez, name):
    """What is said of --disable-pass=NAME, which is looked at before any file."""
    done = subprocess.run([tez, "compile", "no such file", "-o", "none.pt", f"--disable-pass={name}"],
                          capture_output=True, text=True, check=False)
    return done.stderr if done.returncode == 2 else ""


@functools.cache
def all_optional(tez):
    known = re.findall(r'"([a-z0-9-]+)"', refusal(tez, "?").split("there are")[-1])
    assert len(known) > 10, f"the compiler names only {known}"
    return [name for name in known if not refusal(tez, name)]


def options(without, tier):
    chosen = {"--tier": tier}
    for name in without:
        chosen |= REACHED_BY.get(name, {})
    return [*(f"{option}={value}" for option, value in chosen.items()), *(f"--disable-pass={name}" for name in without)]


def precisions(without, given):
    """Those of `given` that the compiler makes of kernels without these passes."""
    if NEEDED_FOR_FEWER_BITS & set(without):
        return []
    return [name for name in given if name != "int8" or "--target=cuda" not in options(without, "")]
