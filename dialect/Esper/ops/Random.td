//===- Random.td -*- tablegen -*-===//

#ifndef ESPER_OPS_RANDOM
#define ESPER_OPS_RANDOM

include "Esper/EsperBase.td"

#endif // ESPER_OPS_RANDOM
