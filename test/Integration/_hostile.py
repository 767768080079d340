"""Kernel files that somebody changed and sealed again, so that every hash fits: what is in them must be looked at.

CASES: a name, what is done to the records, and a word that both refusals must hold (the compiler's and the package's).
"""
import hashlib
import io
import json
import struct
import warnings
import zipfile

MANIFEST = "kernel/extra/manifest.json"
SOURCE = "kernel/code/__torch__/tezzeret.py"


def records_of(data):
    """(name, content) in their order, the manifest left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist() if info.filename != MANIFEST]


def manifest_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(MANIFEST)


def sealed(records, packed=()):
    """An archive with a manifest that fits. Records named in `packed` are compressed."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in records}
    manifest = json.dumps({"format": 1, "sha256": hashes}, ensure_ascii=False).encode()
    return written([*records, (MANIFEST, manifest)], packed)


def written(records, packed=()):
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")  # of two records with one name
        for name, content in records:
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED if name in packed else zipfile.ZIP_STORED
            archive.writestr(info, content)
    return file.getvalue()


def changed(name, change):
    return lambda records: [(n, change(content) if n == name else content) for n, content in records]


def with_line(line):
    """`line` as the first of forward."""
    def change(text):
        head, rest = text.split(b") -> Tensor:\n", 1)
        return head + b") -> Tensor:\n    " + line + b"\n" + rest
    return changed(SOURCE, change)


def with_text(text):
    return changed(SOURCE, lambda source: source + text)


def with_record(name, content=b"x"):
    return lambda records: [*records, (name, content)]


def swapped(old, new):
    def change(pickle):
        assert old in pickle, (old, pickle)
        return pickle.replace(old, new, 1)
    return changed("kernel/data.pkl", change)


def cut(record):
    return changed(record, lambda content: content[:-4])


def without(record):
    return lambda records: [(n, content) for n, content in records if n != record]


def text(word):
    return b"X" + struct.pack("<I", len(word)) + word


METHOD = b"""class Evil(Module):
  __parameters__ = []
  __buffers__ = []
  def %s(self: __torch__.tezzeret.Evil, state: Tensor) -> Tensor:
    return state
"""
FUNCTION = b"def resize_(x: Tensor) -> Tensor:\n  return x\n"

LINES = [  # a line of forward, and what the refusal names
    (b'torch.save(input, "x")', "torch.save"), (b'_h = torch.from_file("/etc/passwd", False, 4)', "torch.from_file"),
    (b'_h = ops.aten.save(input, "x")', "ops.aten.save"), (b"_h = ops.prim.Print(input)", "ops.prim.Print"),
    (b"_h = ops.mine.anything(input)", "ops.mine.anything"), (b"_h = torch.ops.aten.relu(input)", "torch.ops.aten.relu"),
    (b"_h = torch.relu", "torch.relu"), (b"print(input)", "print"), (b"_h = fork(input)", "fork"), (b"import os", "import"),
    (b'_h = eval("1")', "eval"), (b'_h = open("/etc/passwd")', "open"), (b"_h = input.data", "input.data"),
    (b"_h = (input).resize_([1])", "resize_"), (b"_h = input.resize_([1])", "input.resize_"),
    (b'_h = getattr(input, "resize_")', "getattr"), (b"_h = getattr(torch, \"save\")", "getattr"),
    (b"_h = torch.relu(input).resize_([1])", "resize_"), (b"_h = (torch.relu(input)).resize_([1])", "resize_"),
    (b"_h = [input].append(input)", "append"), (b'_h = "{}".format(input)', "."), (b"_h = (input)(1)", "yields"),
    (b"_h = __torch__.tezzeret.nothing(input)", "__torch__.tezzeret.nothing"),
    (b"_h = __torch__.torch.classes.mine.Thing()", "__torch__.torch.classes.mine.Thing"),
    (b"_h = unchecked_cast(__torch__.torch.classes.mine.Thing, input)", "__torch__.torch.classes.mine.Thing"),
    (b"torch = input", "torch"), (b"__torch__ = input", "__torch__"), (b"for ops in [input]:", "ops"),
    (b"self.training = False", "self.training"), (b"input[0] = 1", "input[0]"), (b"_h = input + input", "+"),
    (b"_h = input @ input", "@"), (b"_h = [x for x in [input]]", "x"), (b"with input:", "with"), (b"del input", "del"),
    (b"raise input", "raise"), (b"_h = lambda: input", "lambda"), (b'_h = "a" "b"', "a"), (b'_h = r"a"', "r"),
    (b'_h = """a"""', '"'), (b"# type: (int) -> int", "type"), (b"_h = 1;print(1)", ";"), (b"_h = 1\t", "line 9"),
    (b"_h = \\\n      1", "\\"), (b"_h = \xc3\xa9", "line 9"), (b"_h = \x00", "line 9"), (b"_h = input, = 3", "="),
    (b"_h = CONSTANTS.resize_", "CONSTANTS.resize_"), (b"_h = inf.resize_", "inf.resize_"), (b"_h = 1.resize_", "1."),
    (b"_h = " + b"(" * 300, "nested"), (b"_h = -" + b"-" * 3000 + b"1", "nested"),
]
CASES = [
    *[(f"source {line[:40]!r}", with_line(line), word) for line, word in LINES],
    ("class __setstate__", with_text(METHOD % b"__setstate__"), "__setstate__"),
    ("class __getattr__", with_text(METHOD % b"__getattr__"), "__getattr__"),
    ("class twice", with_text(METHOD % b"f" + METHOD % b"g"), "__torch__.tezzeret.Evil"),
    ("class of another base", with_text(b"class Evil(torch.nn.Module):\n  pass\n"), "class"),
    ("statement outside", with_text(b'torch.save(1, "x")\n'), "torch"),
    ("code in a class", with_text(b'class Evil(Module):\n  x : int = torch.save(1, "x")\n'), "literal"),
    ("local __torch__", lambda records: with_record("kernel/code/__torch__.py", FUNCTION)(
        with_line(b"__torch__ = input\n    _h = __torch__.resize_([1])")(records)), "__torch__"),
    ("source elsewhere", with_record("kernel/code/other.py", b""), "code/__torch__"),
    ("source in capitals", with_record("kernel/CODE/__torch__/tezzeret2.PY", b""), "code/__torch__"),
    ("global os.system", swapped(b"ctorch\nFloatStorage\n", b"cos\nsystem\n"), "os.system"),
    ("global eval", swapped(b"ctorch._utils\n_rebuild_tensor_v2\n", b"cbuiltins\neval\n"), "builtins.eval"),
    ("class not in the source", swapped(b"c__torch__.tezzeret\nKernel\n", b"c__torch__.tezzeret\nOther\n"), "Other"),
    ("class of a library", swapped(b"c__torch__.tezzeret\nKernel\n", b"c__torch__.torch.classes.mine\nThing\n"),
     "mine.Thing"),
    ("opcode STACK_GLOBAL", swapped(b"q\0)\x81", text(b"os") + text(b"system") + b"\x93q\0)\x81"), "0x93"),
    ("opcode EXT1", swapped(b"q\0)\x81", b"\x82\x01q\0)\x81"), "0x82"),
    ("protocol 4", swapped(b"\x80\x02", b"\x80\x04"), "protocol"),
    ("empty stack", swapped(b"\x80\x02", b"\x80\x02R"), "stack"),
    ("memo never set", swapped(b"\x80\x02", b"\x80\x02h\x70"), "memo"),
    ("more behind the end", changed("kernel/data.pkl", lambda pickle: pickle + b"."), "end"),
    ("pickle cut off", changed("kernel/data.pkl", lambda pickle: pickle[:-9]), "byte"),
    ("tensor beyond its storage", swapped(b"(K\x08K\x04t(K\x04K\x01t", b"(K\x09K\x04t(K\x04K\x01t"), "reaches"),
    ("stride beyond its storage", swapped(b"(K\x08K\x04t(K\x04K\x01t", b"(K\x08K\x04t(K\x05K\x01t"), "reaches"),
    ("offset beyond its storage", swapped(b"Qq\tK\0", b"Qq\tK\x01"), "reaches"),
    ("negative size", swapped(b"(K\x08K\x04t(K\x04K\x01t", b"(J\xf8\xff\xff\xffK\x04t(K\x04K\x01t"), "size"),
    ("record too short", cut("kernel/data/0"), "data/0"),
    ("record missing", without("kernel/data/0"), "data/0"),
    ("attribute missing", swapped(text(b"weight"), text(b"weighs")), "weight"),
    ("attribute of another type", swapped(text(b"weight") + b"q\x04", text(b"weight") + b"q\x04K\x07" + text(b"x")), "weight"),
    ("object of another class", swapped(b"c__torch__.tezzeret\nKernel_1\n", b"c__torch__.tezzeret\nKernel\n"),
     "Kernel"),
    ("another pickle", with_record("kernel/other.pkl", b"\x80\x02N."), "other.pkl"),
    ("debugging pickle", with_record(SOURCE + ".debug_pkl", b"\x80\x02cos\nsystem\n."), "os.system"),
    ("zip-slip", with_record("kernel/../../etc/cron.d/x"), ".."), ("zip-slip at once", with_record("../x"), ".."),
    ("absolute", with_record("/etc/passwd"), "absolute"), ("backslash", with_record("kernel\\..\\x"), "backslash"),
    ("drive", with_record("kernel/c:x"), "colon"), ("control character", with_record("kernel/a\nb"), "control"),
    ("empty part", with_record("kernel//x"), "empty"), ("folder", with_record("kernel/x/"), "empty"),
    ("another folder", with_record("other/x"), "folder"), ("no folder", with_record("x"), "folder"),
    ("two that differ in case", with_record("kernel/DATA/0"), "case"),
    ("twice", with_record("kernel/version"), "twice"),
]
