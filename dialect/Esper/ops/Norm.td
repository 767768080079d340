//===- Norm.td -*- tablegen -*-===//

#ifndef ESPER_OPS_NORM
#define ESPER_OPS_NORM

include "Esper/EsperBase.td"

#endif // ESPER_OPS_NORM
