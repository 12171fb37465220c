// The ledger collects findings by clause. A clause without a result says "not tested" and why.
#pragma once

#include <string>
#include <vector>

#include "standards/catalogue.h"
#include "standards/vocab/run_record.h"

namespace carebench {

// A step's or attestation's finding on its way to a clause.
struct LedgerEntry {
  std::string requirement;
  ResultKind kind = ResultKind::measured;
  Finding finding;
  std::string step;  // "ACC-1 (dut#2)"
  Text2 reason;
};

// One row for each requirement that applies to `category` (its id without the catalogue: "3.2"), in
// the catalogue's order; `declared` are the capabilities that conditional requirements ask for.
// Several entries of one kind in one clause: the worst stands. Kinds are never merged.
std::vector<LedgerRow> collect(const Catalogue& catalogue, std::string_view category,
                               const std::vector<std::string>& declared,
                               const std::vector<LedgerEntry>& entries);

}  // namespace carebench
