"""Runs a command and succeeds when its exit status is the one expected.   exits.py STATUS COMMAND..."""
import subprocess
import sys

sys.exit(subprocess.run(sys.argv[2:], check=False).returncode != int(sys.argv[1]))
