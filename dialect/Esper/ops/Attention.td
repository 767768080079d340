//===- Attention.td -*- tablegen -*-===//

#ifndef ESPER_OPS_ATTENTION
#define ESPER_OPS_ATTENTION

include "Esper/EsperBase.td"

#endif // ESPER_OPS_ATTENTION
