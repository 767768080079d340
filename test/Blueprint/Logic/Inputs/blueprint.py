"""The blueprint of a text.    blueprint.py TEXT [CONFIG as JSON]"""
import json
import pathlib
import sys

config = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
print(json.dumps({"metadata": {"blueprint_id": "T", "name": "text", "version": "1.0.0", "category": "custom"},
                  "architecture": {"module_type": "torch.nn.Module", "config": config,
                                   "forward_logic": pathlib.Path(sys.argv[1]).read_text()}}))
