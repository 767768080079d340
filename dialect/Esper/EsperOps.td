//===- EsperOps.td - All ops of esper -----------------------*- tablegen -*-===//

#ifndef ESPER_OPS
#define ESPER_OPS

include "Esper/ops/State.td"
include "Esper/ops/Linear.td"
include "Esper/ops/Conv.td"
include "Esper/ops/Norm.td"
include "Esper/ops/Activation.td"
include "Esper/ops/Random.td"
include "Esper/ops/Pooling.td"
include "Esper/ops/Elementwise.td"
include "Esper/ops/Reduction.td"
include "Esper/ops/Shape.td"
include "Esper/ops/Attention.td"
include "Esper/ops/Recurrent.td"
include "Esper/ops/Routing.td"
include "Esper/ops/Precision.td"
include "Esper/ops/Choice.td"

#endif // ESPER_OPS
