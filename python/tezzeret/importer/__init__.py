"""From torch.export to esper: the importer of PyTorch modules.

One row an ATen operator (_rows.py), in a file for each family; _program.py walks the graph. What is written is text of
the esper dialect, the compiler's own blueprint form, with the weights beside it.
"""
from tezzeret.importer import (activation, attention, choice, convolution, elementwise, indexing, linear, loss, norm, pooling,
                               random, recurrent, reduction, shape)
from tezzeret.importer._program import Imported, ImportRefused, import_program
from tezzeret.importer._rows import ROWS
from tezzeret.importer._unsupported import Unsupported

__all__ = ["ROWS", "FAMILIES", "Imported", "ImportRefused", "Unsupported", "import_program"]

FAMILIES = (activation, attention, choice, convolution, elementwise, indexing, linear, loss, norm, pooling, random, recurrent,
            reduction, shape)
