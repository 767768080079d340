//===- Schedules.h - Records of measured schedules --------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_SCHEDULES_H
#define TEZ_TOOLS_TEZ_SCHEDULES_H

#include "tez/Pipeline/Compiler.h"

namespace tez::tool {

/// {"x86-64-v3": {"128x256": "6x1+1x4"}}. A file that is not there is empty. Says what is wrong,
/// with the file, the processor and the product, otherwise.
Outcome readScheduleRecord(const std::string &path, ScheduleRecord &record);

Outcome writeScheduleRecord(const std::string &path, const ScheduleRecord &record);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_SCHEDULES_H
