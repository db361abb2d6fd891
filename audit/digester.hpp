/// Folds a run into its canonical digest: registers while they are scanned, everything else by SQL at the
/// end.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "audit/digest.hpp"
#include "audit/evidence/scan.hpp"
#include "core/digest.hpp"

namespace audit {
class Digester : public DueVisitor {
 public:
  /// Range: the stores know meters 1..meters.
  explicit Digester(std::size_t meters);
  void visit(const Due& due) override;
  /// Reads what is not registers, names the entities, adds all up. Call once, after the scan.
  RunDigest finish(sqlite::Database& truth, sqlite::Database& books);

 private:
  void fold(sqlite::Database& store, const char* sql, std::vector<core::Digest>& entities,
            std::int64_t first_id);
  void fold_events(sqlite::Database& truth);

  std::vector<core::Digest> meters_;
  std::vector<core::Digest> accounts_;
  std::vector<core::Digest> areas_;
  std::vector<core::Digest> concentrators_;
  std::map<std::string, core::Digest, std::less<>> others_;  ///< entities that are known by name only
};
}  // namespace audit
