//===- Conv.td -*- tablegen -*-===//

#ifndef ESPER_OPS_CONV
#define ESPER_OPS_CONV

include "Esper/EsperBase.td"

#endif // ESPER_OPS_CONV
