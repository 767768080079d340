//===- Pooling.td -*- tablegen -*-===//

#ifndef ESPER_OPS_POOLING
#define ESPER_OPS_POOLING

include "Esper/EsperBase.td"

#endif // ESPER_OPS_POOLING
