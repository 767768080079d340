//===- Shape.td -*- tablegen -*-===//

#ifndef ESPER_OPS_SHAPE
#define ESPER_OPS_SHAPE

include "Esper/EsperBase.td"

#endif // ESPER_OPS_SHAPE
