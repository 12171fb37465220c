// What is required: the clauses of a catalogue, Chinese verbatim and English, one YAML file for
// each category (standards/catalogue/miit-2024/*.yaml).
//
// A file `<category>.yaml` holds `category:` and its requirements, and names in `basic:` the file
// with the requirements it shares with others (`product-basic`). A basic file holds `document:`
// (the source), and `applies_to:` for all its requirements. In a category's file a requirement
// applies to that category. Every clause, name and consequence stands in Chinese and English.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/error.h"
#include "standards/vocab/yaml.h"

namespace carebench {

enum class ResultKind { measured, probed, attested, calculated };
std::string_view to_string(ResultKind kind);
std::optional<ResultKind> result_kind_from(std::string_view id);

struct Requirement {
  std::string id;                       // "miit-2024/product/identifier"
  Text2 clause;                         // zh verbatim
  std::vector<std::string> applies_to;  // categories: "1.1", "3.2"
  std::string applies_note;             // where a merged cell of the source was interpreted
  std::vector<ResultKind> kinds;        // which kinds of result can settle it
  Text2 failure_means;
  std::string condition;  // capability that makes it apply ("ecg"), or ""
  Text2 limit_note;       // what a bench can not show about it
};

struct Category {
  std::string id;  // "3.2"
  Text2 name, description;
  std::string basic;  // the file with the requirements it shares: "product-basic"
  std::string note;   // how the source was read, where it can be read in two ways
};

struct Catalogue {
  std::string id;           // "miit-2024"
  std::string document_id;  // "工信厅联电子函〔2024〕334号"
  Text2 title;
  std::vector<Category> categories;
  std::vector<Requirement> requirements;

  const Requirement* find(std::string_view requirement_id) const;
  const Category* category(std::string_view id) const;
  // Requirements that apply to a category, in the catalogue's order.
  std::vector<const Requirement*> applying_to(std::string_view category) const;

  // A shipped catalogue ("miit-2024"): all its files; or a folder of files.
  static Result<Catalogue> load(std::string_view id_or_folder);
  // Only what one category needs, its file and the basic one: a few milliseconds.
  static Result<Catalogue> load(std::string_view id_or_folder, std::string_view category);
  // The same from files already read: the basic one and the category's.
  static Result<Catalogue> of(const yaml::Document& basic, const yaml::Document& category);
  // Checks one file for itself, for `lint`.
  static Result<void> check(const yaml::Document& document);
};

}  // namespace carebench
