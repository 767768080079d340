"""Cases about the text itself: syntax, encoding, nesting, size, types and limits (wire-formats §1, common rules)."""
import json
import re

from _refusals import ANY, Acceptance, Refusal, edited

BARE = {"type": "linear", "config": {"input_size": 4, "hidden_sizes": [3], "output_size": 2}}
SIZE = "config.input_size"
CONV = {"type": "conv", "config": {}}
ATTENTION = {"type": "attention", "config": {"embed_dim": 8, "num_heads": 2}}
CUSTOM = {"type": "custom", "config": {"dim": 4, "num_blocks": 1}}
ENVELOPE = {"name": "n", "description": "d", "created_by": "c", "architecture": BARE}


def sized(token):
    """The bare linear with a token of its own as input_size."""
    return f'{{"type": "linear", "config": {{"input_size": {token}, "hidden_sizes": [3]}}}}'


def syntax():
    flat = json.dumps(BARE)
    for name, text in [("empty file", ""), ("only spaces", " \n\t "), ("BOM alone", "\ufeff"), ("not JSON", "hello"),
                       ("unclosed object", flat[:-1]), ("unclosed string", flat[:12]), ("trailing text", flat + "x"),
                       ("second document", flat + flat), ("trailing comma", flat[:-2] + ",}}"),
                       ("a comment", flat + "// no"), ("single quotes", flat.replace('"', "'")),
                       ("trailing bracket", flat + "]"), ("NUL after the end", flat + "\0"),
                       ("leading NUL", "\0" + flat), ("array at the root", f"[{flat}]"), ("null at the root", "null"),
                       ("string at the root", '"linear"'), ("number at the root", "17"), ("true at the root", "true"),
                       ("empty object", "{}"), ("empty array", "[]"), ("form feed as space", "\f" + flat),
                       ("no-break space", "\u00a0" + flat)]:
        yield Refusal(f"syntax: {name}", text, ANY)
    yield Acceptance("syntax: spaces around", " \r\n\t" + flat + "\n\n")


def tokens():
    for token in ["NaN", "Infinity", "-Infinity", "nan", "+4", "04", "4.", ".4", "0x4", "4e", "1_000", "True", "--4"]:
        yield Refusal(f"token {token}", sized(token), re.compile(r"config\.input_size"))
    for token, found in [("true", "true"), ('"128"', '"128"'), ("128.0", "128.0"), ("1.28e2", "1.28e2"),
                         ("null", "null"), ("[128]", "array"), ("{}", "object"), ("0", "0"), ("-0", "-0"),
                         ("-1", "-1"), ("2147483648", "2147483648"), ("9223372036854775808", "9223372036854775808"),
                         ("1e400", "1e400"), ("1" + "0" * 400, "1000"), ("-1e-400", "-1e-400"), ('""', '""')]:
        yield Refusal(f"input_size {token[:24]}", sized(token), SIZE, ("expected", found), near=token[:20])
    for token in ["1", "4", "128", "2047"]:
        yield Acceptance(f"input_size {token}", sized(token))
    yield Acceptance("a large but allowed size", {"type": "linear", "config": {
        "input_size": 2**31 - 1, "hidden_sizes": [], "output_size": 1}}, options=("--max-parameter-bytes=17179869184",
                                                                                        "--max-elements=10000000000"))


def strings():
    head, tail = b'{"name": "', b'", "description": "d", "created_by": "c", "architecture": ' + json.dumps(
        BARE).encode() + b"}"
    for name, text in [("overlong", b"\xc0\xaf"), ("lone continuation", b"\x80"), ("cut short", b"\xe2\x82"),
                       ("surrogate as bytes", b"\xed\xa0\x80"), ("beyond U+10FFFF", b"\xf4\x90\x80\x80"),
                       ("0xff", b"\xff"), ("latin-1", b"caf\xe9"), ("escaped NUL", b"a\\u0000b"),
                       ("NUL byte", b"a\0b"), ("lone high surrogate", b"\\ud800"), ("lone low surrogate", b"\\udc00"),
                       ("surrogates the wrong way", b"\\udc00\\ud800"), ("high surrogate, then a letter", b"\\ud800a"),
                       ("control character", b"a\nb"), ("unknown escape", b"\\x41"), ("short escape", b"\\u12")]:
        yield Refusal(f"string: {name}", head + text + tail, "name")
    for name, text in [("two to four bytes", "é € 😀".encode()), ("surrogate pair", b"\\ud83d\\ude00"),
                       ("escapes", b'\\"\\\\\\/\\b\\f\\n\\r\\t'), ("U+FFFF", b"\\uffff")]:
        yield Acceptance(f"string: {name}", head + text + tail)
    for name, text in [("UTF-16", json.dumps(BARE).encode("utf-16")), ("UTF-32", json.dumps(BARE).encode("utf-32"))]:
        yield Refusal(f"encoding {name}", text, ANY)


def keys():
    yield Refusal("duplicate key at the root", '{"type": "linear", "type": "linear", "config": {}}', "type",
                  ("duplicate",))
    yield Refusal("duplicate key inside", '{"type": "linear", "config": {"dropout": 0, "dropout": 0}}',
                  "config.dropout", ("duplicate",))
    yield Refusal("duplicate key by escape", '{"type": "linear", "config": {"dropout": 0, "drop\\u006fut": 0}}',
                  "config.dropout", ("duplicate",))
    carried = json.dumps(ENVELOPE)[:-1] + ', "hyperparameters": {"a": {"b": 1, "b": 2}}}'
    yield Refusal("duplicate key in what is carried", carried, "hyperparameters.a.b", ("duplicate",))
    yield Acceptance("the same key in two objects", carried.replace('"b": 2', '"c": 2'))
    for name, text in [("empty key", ""), ("other case", "Input_size"), ("trailing space", "input_size ")]:
        yield Refusal(f"key: {name}", {"type": "linear", "config": {text: 4}}, re.compile(r"config.*?"),
                      ("unknown field",))


def nesting():
    head = '{"name":"n","description":"d","created_by":"c","architecture":' + json.dumps(BARE) + ',"hyperparameters":'
    for name, depth, refused in [("depth 256", 256, False), ("depth 257", 257, True)]:
        # The root and hyperparameters are two levels.
        text = head + '{"a":' + "[" * (depth - 2) + "]" * (depth - 2) + "}}"
        yield Refusal(name, text, re.compile(r"hyperparameters\.a\S*"), ("256",)) if refused else (
            Acceptance(name, text))
    for name, text in [("brackets", "[" * 100000), ("closed brackets", "[" * 100000 + "]" * 100000),
                       ("braces", '{"a":' * 100000), ("brackets in config", '{"type":"linear","config":{"x":' +
                                                      "[" * 100000), ("both kinds", '[{"a":' * 50000)]:
        yield Refusal(f"100,000 {name}", text, ANY, ("256",))
    yield Refusal("closing brackets only", "]" * 100000, ANY)


def sizes():
    limit = 16 << 20
    text = json.dumps(BARE).encode()
    yield Acceptance("16 MiB", text + b" " * (limit - len(text)))
    yield Refusal("16 MiB and a byte", text + b" " * (limit - len(text) + 1), ANY, (str(limit),))
    yield Refusal("20 MiB of zeros", b"\0" * (20 << 20), ANY, (str(limit),))
    yield Refusal("a key of 15 MiB", b'{"' + b"k" * (15 << 20) + b'": 1}', ANY)
    yield Refusal("a string of 15 MiB", b'{"type": "' + b"t" * (15 << 20) + b'"}', "type")
    yield Refusal("a number of 15 MiB", b'{"type": "linear", "config": {"input_size": ' + b"1" * (15 << 20) + b"}}",
                  SIZE)
    many = b",".join(b"1" for _ in range(7 << 20))
    yield Refusal("7 million hidden sizes", b'{"type": "linear", "config": {"hidden_sizes": [' + many + b"]}}",
                  "config.hidden_sizes", ("4096",))
    keys_ = ",".join(f'"k{i}":0' for i in range(500000))
    yield Refusal("500,000 unknown keys", '{"type": "linear", "config": {' + keys_ + "}}", re.compile(r"config\.k\d+"),
                  ("unknown field",))
    yield Refusal("a million empty objects", '{"id": "g", "name": "n", "nodes": [' + ",".join(["{}"] * 1000000) +
                  '], "edges": []}', re.compile(r"nodes\S*"))
    yield Refusal("a million edges", '{"id": "g", "name": "n", "nodes": [], "edges": [' + ",".join(["{}"] * 1000000) +
                  "]}", "edges", ("65536",))


def limits():
    big = 2**31 - 1
    for name, config, field in [
            ("a product of 2^62", {"input_size": big, "hidden_sizes": [big]}, r"config\.(hidden_sizes\[0\]|input_size)"),
            ("products that add up past 2^64", {"input_size": big, "hidden_sizes": [big] * 8}, r"config\.\w+(\[\d\])?"),
            ("2^31 parameters in one", {"input_size": 65536, "hidden_sizes": [32768]}, r"config\.\w+(\[\d\])?"),
            ("2^31 in many", {"input_size": 1, "hidden_sizes": [32768] * 3}, r"config\.hidden_sizes\[\d\]")]:
        yield Refusal(name, {"type": "linear", "config": config}, re.compile(field), ("limit",))
    yield Refusal("4,097 hidden layers", {"type": "linear", "config": {"hidden_sizes": [1] * 4097}},
                  "config.hidden_sizes", ("4096", "4097"))
    yield Refusal("4,097 blocks", edited(CUSTOM, ("config.num_blocks", 4097)), "config.num_blocks", ("4096", "4097"))
    yield Refusal("2^31-1 blocks", edited(CUSTOM, ("config.num_blocks", big)), "config.num_blocks", ("4096",))
    yield Acceptance("4,096 blocks", {"type": "custom", "config": {"dim": 1, "num_blocks": 4096}})
    yield Refusal("dim 2^31-1", {"type": "custom", "config": {"dim": big}}, "config.dim", ("limit",))
    yield Refusal("embed_dim 2^31-1", edited(ATTENTION, ("config.embed_dim", big), ("config.num_heads", 1)),
                  "config.embed_dim", ("limit",))
    yield Refusal("a kernel of 2^31-1", {"type": "conv", "config": {
        "out_channels": [big], "kernel_sizes": [big], "paddings": [big], "strides": [1]}},
        re.compile(r"config\.\w+(\[0\])?"))
    yield Refusal("flat sizes of 2^31-1", {"type": "linear", "input_size": big, "hidden_size": big, "output_size": big},
                  re.compile("(input|hidden)_size"), ("limit",))
    yield Refusal("flat kernel of 2^31-1", {"type": "conv", "in_channels": big, "out_channels": big,
                                            "kernel_size": big}, re.compile(r"\w+"), ("limit",))
    embedding = {"type": "linear", "input_size": 1000, "hidden_size": 1000, "output_size": 1}
    yield Refusal("--max-parameters", embedding, re.compile(r"\w+"), ("1000000",),
                  options=("--max-parameters=1000000",))
    yield Acceptance("--max-parameters just enough", embedding, options=("--max-parameters=1002001",))
    yield Refusal("--max-layers", edited(CUSTOM, ("config.num_blocks", 3)), "config.num_blocks", ("2", "3"),
                  options=("--max-layers=2",))
    yield Refusal("--max-parameter-bytes", embedding, re.compile(r"\w+"), ("1000",),
                  options=("--max-parameter-bytes=1000",))


def elements():
    big, limit = 2**31 - 1, str(2**27)
    for flag in [(), ("--no-validate",)]:
        for name, padding in [("2^31-1", big), ("20,000", 20000)]:
            yield Refusal(f"conv of padding {name} {flag}", {"type": "conv", "config": {"paddings": [padding, 1, 1]}},
                          re.compile(r"config\S*"), (limit, "--max-elements"), options=flag)
    wide = {"type": "linear", "config": {"input_size": 100, "hidden_sizes": [], "output_size": 300}}
    yield Refusal("--max-elements", wide, re.compile(r"config\.\w+"), ("599", "600", "(2, 300)"),
                  options=("--max-elements=599",))
    yield Acceptance("--max-elements just enough", wide, options=("--max-elements=600",))


def cases():
    for group in (syntax, tokens, strings, keys, nesting, sizes, limits, elements):
        yield from group()
