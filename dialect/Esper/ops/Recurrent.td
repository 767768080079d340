//===- Recurrent.td -*- tablegen -*-===//

#ifndef ESPER_OPS_RECURRENT
#define ESPER_OPS_RECURRENT

include "Esper/EsperBase.td"

#endif // ESPER_OPS_RECURRENT
