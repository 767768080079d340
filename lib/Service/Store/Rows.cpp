//===- Rows.cpp -----------------------------------------------------------===//

#include "Rows.h"

using namespace tez::service;

Blueprint tez::service::blueprintOf(const Row &row) {
  Blueprint it;
  it.seq = row.integer(0);
  it.id = row.text(1);
  it.architectureIr = row.text(2);
  it.metadata = row.optional(3);
  it.status = row.text(4);
  it.createdAt = row.integer(5);
  it.updatedAt = row.integer(6);
  it.worker = row.optional(7);
  it.fence = row.integer(8);
  it.tries = row.integer(9);
  it.reason = row.optional(10);
  it.deadLetter = row.integer(11) != 0;
  it.traceparent = row.optional(12);
  return it;
}

Kernel tez::service::kernelOf(const Row &row) {
  Kernel it;
  it.seq = row.integer(0);
  it.id = row.text(1);
  it.blueprintId = row.text(2);
  it.status = row.text(3);
  it.pipeline = row.text(4);
  it.binaryRef = row.text(5);
  it.report = row.text(6);
  it.createdAt = row.integer(7);
  it.updatedAt = row.integer(8);
  it.traceparent = row.optional(9);
  return it;
}

PageEnd tez::service::pageEnd(const std::vector<Row> &rows, int64_t limit) {
  PageEnd end;
  int64_t bytes = 0, count = 0;
  for (const Row &row : rows) {
    bytes += row.integer(1);
    if (count == limit || (count > 0 && bytes > pageBytes)) {
      end.next = end.last;
      break;
    }
    end.last = row.integer(0);
    ++count;
  }
  return end;
}
