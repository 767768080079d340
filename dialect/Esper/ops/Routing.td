//===- Routing.td -*- tablegen -*-===//

#ifndef ESPER_OPS_ROUTING
#define ESPER_OPS_ROUTING

include "Esper/EsperBase.td"

#endif // ESPER_OPS_ROUTING
