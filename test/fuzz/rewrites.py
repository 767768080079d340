#!/usr/bin/env python3
"""Properties of passes: random kernels with subgraphs that a pass looks for, and near misses, compute the same before
and after, in the fp64 interpreter.

    test/fuzz/rewrites.py COUNT [--seed S] [--only=PASS]

COUNT kernels of each generator of each row. A generator after which a pass has changed no kernel at all, or fewer than
the row asks for, is an error too, unless it holds near misses only: a property test that never fires shows nothing. So
is a near miss that was changed, where the row says so, and what the row's rule finds wrong with a kernel as printed.
Rows whose pass tez-opt does not have are skipped, and named.
"""
import argparse
import collections
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.dont_write_bytecode = True

import _algebra  # noqa: E402
import _cudnn  # noqa: E402
import _folds  # noqa: E402
import _layouts  # noqa: E402
import _optimisations  # noqa: E402
import _precision  # noqa: E402
import _printed  # noqa: E402
import _reuse  # noqa: E402
from _esper import Kernel  # noqa: E402

BIN = pathlib.Path(os.environ.get("TEZ_BIN", "build/bin"))
PLUGIN = BIN.parent / "lib" / "TezTestPasses.so"


@dataclasses.dataclass
class Row:
    """A pass with what it is tried on.

    `modes`: what the kernels are evaluated in afterwards; only in evaluation for a pass that fixes the mode. `misses`:
    generators after which nothing needs to have changed; `kept`: after which nothing may have. `share`: of the kernels
    of any other generator, how many must have changed; one at least. `options` of the pass, in braces. `rule`: gives
    complaints about a changed kernel, for what no evaluation shows."""
    flag: str
    generators: tuple
    modes: tuple = (True, False)
    gradients: bool = True
    misses: tuple = ()
    kept: tuple = ()
    share: float = 0.0
    options: str = ""
    rule: Callable[[_printed.Printed], list[str]] | None = None

    @property
    def step(self) -> str:
        return self.flag + self.options


ROWS = (
    Row("canonicalize", _folds.CANONICALIZE),
    Row("esper-simplify-algebra", _algebra.ALGEBRA, share=0.4, kept=_algebra.KEPT),
    Row("esper-decompose-composites", _folds.DECOMPOSE),
    Row("esper-specialize-infer", _folds.SPECIALIZE, modes=(False,)),
    Row("esper-cancel-shapes", _optimisations.CANCEL_SHAPES + (_folds.transposes, _folds.permutes, _folds.reshapes)),
    Row("esper-fold-batch-norm", _optimisations.FOLD_BATCH_NORM, gradients=False,
        misses=(_optimisations.batch_norm_first, _optimisations.batch_norm_of_positions)),
    Row("esper-fold-affine", _optimisations.FOLD_AFFINE, gradients=False, misses=(_optimisations.affine_by_input,)),
    Row("esper-merge-linears", _optimisations.MERGE_LINEARS, gradients=False, misses=(_optimisations.shared_weight,)),
    Row("esper-fuse-attention", _optimisations.FUSE_ATTENTION, gradients=False,
        misses=(_optimisations.nearly_attentions,)),
    Row("esper-pool-before-activation", _optimisations.POOL_BEFORE_ACTIVATION, gradients=False, share=0.5,
        kept=_optimisations.KEPT_POOLS),
    Row("esper-transpose-weights", _layouts.TRANSPOSE_WEIGHTS, share=0.5, kept=_layouts.KEPT_WEIGHTS,
        options=f"{{most-elements={_layouts.MOST_ELEMENTS}}}"),
    Row("esper-choose-layout", _layouts.CHOOSE_LAYOUT, share=0.5, kept=_layouts.KEPT_ROWS,
        rule=_printed.returns_row_major),
    Row("esper-convert-precision", _precision.CONVERT, modes=(False,), share=0.9),
    Row("esper-quantize-weights", _precision.QUANTIZE, modes=(False,), share=0.6, kept=(_precision.small_or_given,),
        options=f"{{least-elements={_precision.LEAST_ELEMENTS}}}"),
    Row("esper-reuse-buffers", _reuse.REUSE_BUFFERS, modes=(False,), gradients=False, share=0.4,
        kept=_reuse.KEPT_OPERANDS, rule=_printed.overwrites_safely),
    Row("esper-fuse-convolution", _cudnn.FUSE_CONVOLUTION, modes=(False,), gradients=False, share=0.4,
        kept=_cudnn.KEPT_CONVOLUTIONS, rule=_printed.fuses_safely),
)


def tez_opt(file, pipeline, *options):
    command = [BIN / "tez-opt", file, f"--load-pass-plugin={PLUGIN}", "--mlir-disable-threading",
               f"--pass-pipeline=builtin.module({pipeline})", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def known_flags():
    return set(re.findall(r"--([\w-]+)", subprocess.run([BIN / "tez-opt", "--help"], capture_output=True, text=True,
                                                        check=False).stdout))


def kernels(row, count, seed):
    """The texts by name; a name is that of the generator and a number."""
    found = {}
    for generator in row.generators:
        for number in range(seed, seed + count):
            kernel = Kernel(f"{generator.__name__}_{number}", row.flag)
            results = generator(kernel)
            found[kernel.name] = kernel.text(results)
    return found


def split(text):
    """Printed kernels by name."""
    return {re.match(r"esper\.kernel @(\w+)", part)[1]: part
            for part in re.findall(r"esper\.kernel @.*?\n  \}", text, re.S)}


def decomposed(inner):
    """After `inner`, everything in primitives: the interpreter and the comparison see no composite."""
    return f"esper.kernel({inner}esper-decompose-composites)"


def comparison(row, known):
    """The reference is decomposed and nothing else. So are kernels for an unknown pass: that tries the generators."""
    gradients = "" if row.gradients else " gradients=false"
    modes = ",".join(f"test-compare-with-reference{{training={str(mode).lower()}{gradients}}}" for mode in row.modes)
    return f"tez-keep-reference,{decomposed(row.step + ',' if known else '')},builtin.module({decomposed('')}),{modes}"


def generator_of(name: str) -> str:
    return name.rpartition("_")[0]


def shares(row: Row, names: Iterable[str], changed: dict[str, str]) -> list[str]:
    """Complaints about generators of which the pass has changed too few kernels, or a near miss."""
    of_each, changed_of_each = (collections.Counter(map(generator_of, some)) for some in (names, changed))
    found = []
    for name in (generator.__name__ for generator in row.generators if generator not in row.misses):
        if name in (kept.__name__ for kept in row.kept):
            wrong = [text for kernel, text in changed.items() if generator_of(kernel) == name]
            found += [f"changed {len(wrong)} kernels of {name}\n{wrong[0]}"] if wrong else []
        elif changed_of_each[name] < max(1, row.share * of_each[name]):
            found.append(f"changed {changed_of_each[name]} of {of_each[name]} kernels of {name}")
    return found


def ruled(row: Row, changed: dict[str, str]) -> list[str]:
    """What the rule says of kernels, one of each generator."""
    found = {}
    for name, text in changed.items():
        complaints = row.rule(_printed.Printed(text)) if row.rule else []
        if complaints:
            found.setdefault(generator_of(name), f"{name}: {'; '.join(complaints)}\n{text}")
    return list(found.values())


def judged(row: Row, file: pathlib.Path, texts: dict[str, str]) -> list[str]:
    """Complaints about what the pass has done, whatever the values are."""
    before, after = (split(tez_opt(file, pipeline).stdout) for pipeline in ("", f"esper.kernel({row.step})"))
    assert before.keys() == after.keys() == texts.keys(), "tez-opt did not print every kernel"
    changed = {name: text for name, text in after.items() if before[name] != text}
    print(f"{row.flag}: {len(changed)} of {len(texts)} kernels changed", flush=True)
    return shares(row, texts, changed) + ruled(row, changed)


def report(row, file, texts, stderr):
    """What tez-opt said, with the kernel it said it of."""
    lines = file.read_text().split("\n")
    print(f"{row.flag}: {stderr.strip()[:2000]}")
    for line in sorted({int(n) for n in re.findall(rf"{re.escape(str(file))}:(\d+):", stderr)})[:1]:
        heads = [text for text in lines[:line] if text.startswith("esper.kernel @")]
        if heads:
            print(texts[re.match(r"esper\.kernel @(\w+)", heads[-1])[1]])


def check(row, count, seed, folder, known):
    """The number of failures."""
    texts = kernels(row, count, seed)
    file = pathlib.Path(folder) / f"{row.flag}.mlir"
    file.write_text("".join(texts.values()))
    done = tez_opt(file, comparison(row, known), "-o", os.devnull)
    if done.returncode != 0:
        report(row, file, texts, done.stderr or f"exit {done.returncode}")
        return 1
    if not known:
        print(f"{row.flag}: skipped, tez-opt has no such pass")
        return 0
    complaints = judged(row, file, texts)
    for complaint in complaints:
        print(f"{row.flag}: {complaint}")
    return len(complaints)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    failures, flags = 0, known_flags()
    with tempfile.TemporaryDirectory(prefix="tez-rewrites-") as folder:
        for row in ROWS:
            if arguments.only in (None, row.flag):
                failures += check(row, arguments.count, arguments.seed, folder, row.flag in flags)
    print(f"{failures} failures")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
