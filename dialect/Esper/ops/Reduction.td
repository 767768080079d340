//===- Reduction.td -*- tablegen -*-===//

#ifndef ESPER_OPS_REDUCTION
#define ESPER_OPS_REDUCTION

include "Esper/EsperBase.td"

#endif // ESPER_OPS_REDUCTION
