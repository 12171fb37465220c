// The limits library: shipped files standards/limits/*.yaml, id = "<file>/<entry>", and over them
// the laboratory's own files, which add entries or replace ours by id without editing them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "standards/limit.h"

namespace carebench {

// Not for several threads at once: a file is read once and kept.
class LimitLibrary {
 public:
  // How a file of the library is had by its id; not_found or bad_input when there is none.
  using Read = std::function<Result<std::shared_ptr<const yaml::Document>>(std::string_view file)>;

  LimitLibrary();  // the shipped files
  explicit LimitLibrary(Read read);
  static std::vector<std::string> files();  // ids of the shipped files

  // The laboratory's own files, over all that is there. An id that two of them hold is an error; a
  // later call covers an earlier one.
  Result<void> overlay(std::span<const std::shared_ptr<const yaml::Document>> documents);

  // Reads only the file that holds `id`; not_found with a suggestion when there is none.
  Result<Limit> find(std::string_view id) const;
  // The same on a test date ("2026-11-21", "" = no date): of a name for several editions, the one
  // in force that day (not_found says of each when it is); any other limit as named, with
  // `not_in_force` filled in where it was not.
  Result<Limit> find_on(std::string_view id, std::string_view date) const;
  // The limits a limit is made of: itself, or, of a composite, its parts. At most two levels.
  Result<std::vector<Limit>> parts(const Limit& limit, std::string_view date) const;
  // Every entry, shipped ones first, each file in its own order.
  Result<std::vector<Limit>> all() const;
  // Names of other limits (all_of, editions, conflicts_with) that do not exist, or loop.
  void check(const std::vector<Limit>& limits, Problems& problems) const;

 private:
  Result<const std::vector<Limit>*> base(std::string_view file) const;
  Read read_;
  std::vector<Limit> own_;
  mutable std::map<std::string, std::vector<Limit>, std::less<>> files_;
};

}  // namespace carebench
