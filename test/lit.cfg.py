"""Configuration of the lit suite: every .mlir, .json and .test under test/ with a RUN line.

TEZ_OPT_ROUNDTRIP=1 turns each `tez-opt` into `tez-opt --verify-roundtrip`: all inputs and results are also printed,
parsed again and compared. A test that cannot stand that says `UNSUPPORTED: roundtrip`.

`REQUIRES: torch` marks tests that need libTezTorch.so, that is a torch in .venv.
"""
# lit defines these two before it runs this file.
# pylint: disable=undefined-variable
import os

import lit.formats

roundtrip = bool(os.environ.get("TEZ_OPT_ROUNDTRIP"))

config.name = "tez-roundtrip" if roundtrip else "tez"
config.test_format = lit.formats.ShTest(execute_external=False)
# Only tez-opt has a round trip to offer, and only .mlir files are given to it.
config.suffixes = {".mlir"} if roundtrip else {".mlir", ".json", ".test"}
config.excludes = ["unit", "lib", "fuzz", "bench", "Inputs"]
config.test_source_root = os.path.join(config.tez_source, "test")
config.test_exec_root = os.path.join(config.tez_build, "test", config.name)
lit_config.maxIndividualTestTime = 120

config.environment.update({
    "PATH": os.pathsep.join([os.path.join(config.tez_build, "bin"), config.llvm_bin, os.environ["PATH"]]),
    "FILECHECK_OPTS": "-enable-var-scope --dump-input=fail",
    # One thread each: lit already runs the tests beside one another.
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
})

config.substitutions += [
    ("%python", os.path.join(config.tez_source, ".venv", "bin", "python")),
    ("%source", config.tez_source),
    ("%llvm_include", os.path.join(os.path.dirname(config.llvm_bin), "include")),
    ("%bin", os.path.join(config.tez_build, "bin")),
    ("%test_passes", "--load-pass-plugin=" + os.path.join(config.tez_build, "lib", "TezTestPasses.so")),
]
if roundtrip:
    config.available_features.add("roundtrip")
    config.substitutions.append((r"(?<![-\w/.])tez-opt(?![-\w/.])", "tez-opt --verify-roundtrip"))
if os.path.exists(os.path.join(config.tez_build, "lib", "libTezTorch.so")):
    config.available_features.add("torch")
