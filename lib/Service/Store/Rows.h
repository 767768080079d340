//===- Rows.h - Rows of the database and records ----------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_STORE_ROWS_H
#define TEZ_LIB_SERVICE_STORE_ROWS_H

#include "tez/Service/Store.h"

// In the order in which the functions below read them.
#define TEZ_BLUEPRINT_COLUMNS                                                                      \
  "seq, id, architecture_ir, metadata, status, created_at, updated_at, worker, fence, tries, "     \
  "reason, dead_letter, traceparent"
#define TEZ_KERNEL_COLUMNS                                                                         \
  "seq, id, blueprint_id, status, compilation_pipeline, kernel_binary_ref, validation_report, "    \
  "created_at, updated_at, traceparent"

namespace tez::service {

Blueprint blueprintOf(const Row &row);
Kernel kernelOf(const Row &row);

/// By id, inside of a transaction.
std::optional<Blueprint> findBlueprint(Session &session, const std::string &id);

/// How far a page reaches: `rows` are (seq, bytes) of one more than asked for.
struct PageEnd {
  int64_t last = 0; ///< 0: there is nothing
  std::optional<int64_t> next;
};
PageEnd pageEnd(const std::vector<Row> &rows, int64_t limit);

/// Bytes that the records of one page may have together (one may have more).
inline constexpr int64_t pageBytes = 32 << 20;

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_STORE_ROWS_H
