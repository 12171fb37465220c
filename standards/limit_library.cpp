#include "standards/limit_library.h"

#include <algorithm>
#include <set>

#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::string_view folder = "standards/limits/", extension = ".yaml";

std::string file_id(std::string_view path) {
  path.remove_prefix(folder.size());
  path.remove_suffix(extension.size());
  return std::string(path);
}

tl::unexpected<Error> not_found(std::string_view what, std::string_view id,
                                const std::vector<std::string>& candidates) {
  return fail(Errc::not_found, Blame::profile,
              cat("the limits library has no ", what, " \"", printable(id), '"',
                  suggestion(id, candidates)));
}

Result<std::shared_ptr<const yaml::Document>> read_shipped(std::string_view id) {
  const auto file = shipped_file(cat(folder, id, extension));
  if (!file) return not_found("file", id, LimitLibrary::files());
  return yaml::Document::parse(std::string(file->path), std::string(file->text));
}

std::string when(const LimitSource& source) {
  if (source.valid_from.empty() && source.valid_to.empty()) return "no dates are given";
  std::string out = "in force";
  if (!source.valid_from.empty()) out += cat(" from ", source.valid_from);
  if (!source.valid_to.empty()) out += cat(" to ", source.valid_to);
  return out;
}

Text2 not_in_force(const LimitSource& source, std::string_view date) {
  std::string until = source.valid_to.empty() ? "" : cat("，有效至 ", source.valid_to);
  std::string from = source.valid_from.empty() ? "" : cat("自 ", source.valid_from, " 起实施");
  return {
      cat("该版本在试验日期 ", date, " 不在有效期内（", source.document, "：", from, until, "）"),
      cat("this edition was not in force on the test date ", date, " (", source.document, ": ",
          when(source), ")")};
}

const Limit* find_in(const std::vector<Limit>& limits, std::string_view id) {
  const auto found = std::find_if(limits.begin(), limits.end(),
                                  [id](const Limit& limit) { return limit.id == id; });
  return found == limits.end() ? nullptr : &*found;
}

}  // namespace

LimitLibrary::LimitLibrary() : read_(read_shipped) {}

LimitLibrary::LimitLibrary(Read read) : read_(std::move(read)) {}

std::vector<std::string> LimitLibrary::files() {
  std::vector<std::string> ids;
  for (const ShippedFile& file : shipped_files(folder)) ids.push_back(file_id(file.path));
  return ids;
}

Result<const std::vector<Limit>*> LimitLibrary::base(std::string_view file) const {
  auto known = files_.find(file);
  if (known == files_.end()) {
    const auto document = read_(file);
    if (!document) return tl::unexpected(document.error());
    Result<std::vector<Limit>> limits = read_limits(**document);
    if (!limits) return tl::unexpected(limits.error());
    known = files_.emplace(file, std::move(*limits)).first;
  }
  return &known->second;
}

Result<void> LimitLibrary::overlay(
    std::span<const std::shared_ptr<const yaml::Document>> documents) {
  std::vector<Limit> fresh;
  for (const auto& document : documents) {
    auto limits = read_limits(*document);
    if (!limits) return tl::unexpected(limits.error());
    for (Limit& limit : *limits) {
      if (const Limit* twin = find_in(fresh, limit.id))
        return tl::unexpected<Error>(
            Error{Errc::bad_input,
                  Blame::profile,
                  cat("the limit \"", limit.id, "\" stands in ", twin->at.file, " too: keep one"),
                  limit.at,
                  {}});
      const auto ours = base(limit.id.substr(0, limit.id.find('/')));
      const bool replaced = (ours && find_in(**ours, limit.id)) || find_in(own_, limit.id);
      limit.provided = replaced ? Limit::Provided::replaced : Limit::Provided::added;
      limit.own_file = document->name();
      fresh.push_back(std::move(limit));
    }
  }
  std::erase_if(own_, [&fresh](const Limit& limit) { return find_in(fresh, limit.id) != nullptr; });
  own_.insert(own_.end(), std::make_move_iterator(fresh.begin()),
              std::make_move_iterator(fresh.end()));
  return {};
}

Result<Limit> LimitLibrary::find(std::string_view id) const {
  if (const Limit* own = find_in(own_, id)) return *own;
  const std::string_view name = id.substr(0, id.find('/'));
  const auto limits = base(name);
  std::vector<std::string> ids;
  for (const Limit& own : own_) ids.push_back(own.id);
  if (!limits) {
    // The laboratory's own file of that name may be all there is.
    const bool own_file = std::any_of(own_.begin(), own_.end(), [name](const Limit& own) {
      return own.id.substr(0, own.id.find('/')) == name;
    });
    if (own_file) return not_found("limit", id, ids);
    return tl::unexpected(limits.error());
  }
  if (const Limit* limit = find_in(**limits, id)) return *limit;
  for (const Limit& limit : **limits) ids.push_back(limit.id);
  return not_found("limit", id, ids);
}

Result<Limit> LimitLibrary::find_on(std::string_view id, std::string_view date) const {
  auto named = find(id);
  if (!named || date.empty()) return named;
  if (named->editions.empty()) {
    const InForce state = in_force(named->source, date);
    if (state == InForce::not_yet || state == InForce::no_longer)
      named->not_in_force = not_in_force(named->source, date);
    return named;
  }
  std::optional<Limit> chosen;
  std::vector<std::string> others;
  for (const std::string& edition : named->editions) {
    auto limit = find(edition);
    if (!limit) return limit;
    const InForce state = in_force(limit->source, date);
    others.push_back(cat(edition, ": ", when(limit->source)));
    if (state != InForce::yes) continue;
    if (!chosen || chosen->source.valid_from < limit->source.valid_from) chosen = std::move(*limit);
  }
  if (chosen) return std::move(*chosen);
  return fail(Errc::not_found, Blame::profile,
              cat("no edition of ", id, " was in force on ", date, " (", join(others, "; "),
                  "): name the edition to test by"));
}

Result<std::vector<Limit>> LimitLibrary::parts(const Limit& limit, std::string_view date) const {
  if (!limit.is_composite()) return std::vector{limit};
  std::vector<Limit> all;
  for (const std::string& id : limit.all_of) {
    auto part = find_on(id, date);
    if (!part) return tl::unexpected(part.error());
    if (part->is_composite())
      return fail(Errc::bad_input, Blame::profile,
                  cat("the limit ", limit.id, " is made of ", id, ", which is made of others"));
    all.push_back(std::move(*part));
  }
  return all;
}

Result<std::vector<Limit>> LimitLibrary::all() const {
  std::vector<Limit> out;
  for (const std::string& file : files()) {
    const auto limits = base(file);
    if (!limits) return tl::unexpected(limits.error());
    for (const Limit& limit : **limits) {
      const Limit* own = find_in(own_, limit.id);
      out.push_back(own ? *own : limit);
    }
  }
  for (const Limit& own : own_)
    if (!find_in(out, own.id)) out.push_back(own);
  return out;
}

void LimitLibrary::check(const std::vector<Limit>& limits, Problems& problems) const {
  for (const Limit& limit : limits) {
    for (const auto* names : {&limit.all_of, &limit.editions, &limit.conflicts_with})
      for (const std::string& id : *names) {
        const Limit* near = find_in(limits, id);
        const auto found = near ? Result<Limit>(*near) : find(id);
        if (!found)
          problems.add(limit.at, cat(limit.id, ": ", found.error().message));
        else if (names != &limit.conflicts_with &&
                 (found->is_composite() || !found->editions.empty()) &&
                 !(names == &limit.all_of && !found->is_composite()))
          problems.add(limit.at, cat(limit.id, ": ", id, " is itself made of other limits"));
        else if (names == &limit.editions && in_force(found->source, "1") == InForce::no_date)
          problems.add(limit.at, cat(limit.id, ": the edition ", id, " has no dates to choose by"));
      }
  }
}

}  // namespace carebench
