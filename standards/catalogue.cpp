#include "standards/catalogue.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <system_error>

#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr std::string_view shipped_folder = "standards/catalogue/", extension = ".yaml";
constexpr std::array<std::string_view, 4> kind_ids = {"measured", "probed", "attested",
                                                      "calculated"};

using DocumentPtr = std::shared_ptr<const yaml::Document>;

bool is_basic(std::string_view name) { return name.ends_with("basic"); }

// The files of one catalogue by name ("1.1", "product-basic"), shipped or in a folder.
class Shelf {
 public:
  static Result<Shelf> open(std::string_view id_or_folder);
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [name, place] : files_) all.push_back(name);
    return all;
  }
  std::vector<std::string> categories() const {
    std::vector<std::string> all = names();
    std::erase_if(all, is_basic);
    return all;
  }
  bool has(const std::string& name) const { return files_.contains(name); }
  Result<DocumentPtr> read(const std::string& name) const {
    const auto& [path, text] = files_.at(name);
    return text ? yaml::Document::parse(path, std::string(*text)) : yaml::Document::read(path);
  }

 private:
  struct Place {
    std::string path;
    std::optional<std::string_view> text;
  };
  std::map<std::string, Place> files_;
};

bool has_extension(std::string_view path) { return path.ends_with(extension); }

Result<Shelf> Shelf::open(std::string_view id_or_folder) {
  Shelf shelf;
  const std::string prefix = cat(shipped_folder, id_or_folder, '/');
  const auto add = [&shelf](std::string path, std::string name,
                            std::optional<std::string_view> text) {
    name.resize(name.size() - extension.size());
    shelf.files_.emplace(std::move(name), Place{std::move(path), text});
  };
  for (const ShippedFile& file : shipped_files(prefix))
    add(std::string(file.path), std::string(file.path.substr(prefix.size())), file.text);
  if (!shelf.files_.empty()) return shelf;

  const std::filesystem::path folder{std::string(id_or_folder)};
  std::error_code failed;
  for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed))
    if (has_extension(at->path().string())) add(at->path().string(), at->path().filename(), {});
  if (!shelf.files_.empty()) return shelf;
  return fail(Errc::bad_input, Blame::profile,
              cat("there is no catalogue \"", printable(id_or_folder),
                  "\": name a shipped one (miit-2024) or a folder with catalogue files"));
}

class Reader {
 public:
  // `name` is the file's, "" where it does not matter.
  void read(const yaml::Document& document, std::string_view name);
  Problems& problems() { return problems_; }
  // The categories that are named, and the basic files, must be there.
  void check_references(const Shelf& shelf);
  void check_document();
  Result<Catalogue> finish();

 private:
  struct Common {  // what a file says for all its requirements
    std::vector<std::string> applies_to;
    std::string applies_note;
  };
  void read_document(yaml::Node node);
  void read_category(yaml::MapReader& file, yaml::Node node, std::string_view name);
  void read_requirement(const yaml::Node& node, const Common& common);
  void read_kinds(yaml::MapReader& map, Requirement& out);

  Problems problems_;
  Catalogue catalogue_;
  std::vector<yaml::Node> basics_, applies_to_;
};

void Reader::read(const yaml::Document& document, std::string_view name) {
  yaml::MapReader file(document.root(), problems_);
  const yaml::Node id = file.required("catalogue");
  const std::string catalogue = yaml::to_text(id, problems_);
  if (catalogue_.id.empty()) catalogue_.id = catalogue;
  if (id && catalogue != catalogue_.id)
    id.problem(problems_, cat("this file is of another catalogue than \"", catalogue_.id, '"'));
  read_document(file.optional("document"));
  Common common;
  common.applies_note = file.text_or("applies_note", "");
  const yaml::Node category = file.optional("category");
  if (category) {
    read_category(file, category, name);
    common.applies_to = {catalogue_.categories.back().id};
  } else {
    common.applies_to = file.texts_or_empty("applies_to");
    for (const yaml::Node& item : file.list_or_empty("applies_to")) applies_to_.push_back(item);
    if (common.applies_to.empty())
      file.problem("the file names neither its \"category\" nor what it \"applies_to\"");
  }
  for (const yaml::Node& node : file.list("requirements")) read_requirement(node, common);
}

void Reader::read_document(yaml::Node node) {
  if (!node) return;
  yaml::MapReader map(node, problems_);
  const std::string id = map.text("id");
  const Text2 title = map.text2("title");
  if (catalogue_.document_id.empty()) {
    catalogue_.document_id = id;
    catalogue_.title = title;
  } else if (id != catalogue_.document_id) {
    node.problem(problems_, "the files of a catalogue must name one document");
  }
}

void Reader::read_category(yaml::MapReader& file, yaml::Node node, std::string_view name) {
  yaml::MapReader map(node, problems_);
  Category category;
  category.id = map.text("id");
  category.name = map.text2("name");
  category.description = map.text2("description");
  category.note = map.text_or("note", "");
  const yaml::Node basic = file.required("basic");
  category.basic = yaml::to_text(basic, problems_);
  if (basic) basics_.push_back(basic);
  if (!name.empty() && name != category.id)
    node.problem(problems_, cat("the file of the category \"", category.id, "\" must be named ",
                                category.id, extension));
  catalogue_.categories.push_back(std::move(category));
}

void Reader::read_requirement(const yaml::Node& node, const Common& common) {
  yaml::MapReader map(node, problems_);
  Requirement out;
  const yaml::Node id = map.required("id");
  out.id = yaml::to_text(id, problems_);
  if (id && !out.id.starts_with(catalogue_.id + "/"))
    id.problem(problems_, cat("a requirement's id begins with \"", catalogue_.id, "/\""));
  if (id && catalogue_.find(out.id))
    id.problem(problems_, cat("the requirement \"", out.id, "\" stands twice in the catalogue"));
  out.clause = map.text2("clause");
  out.failure_means = map.text2("failure_means");
  out.limit_note = map.text2_or_empty("limit_note");
  out.condition = map.text_or("condition", "");
  out.applies_note = map.text_or("applies_note", common.applies_note);
  out.applies_to = map.texts_or_empty("applies_to");
  for (const yaml::Node& item : map.list_or_empty("applies_to")) applies_to_.push_back(item);
  if (out.applies_to.empty()) out.applies_to = common.applies_to;
  read_kinds(map, out);
  catalogue_.requirements.push_back(std::move(out));
}

void Reader::read_kinds(yaml::MapReader& map, Requirement& out) {
  const yaml::Node list = map.required("kinds");
  const std::vector<yaml::Node> items = map.list_or_empty("kinds");
  for (const yaml::Node& item : items) {
    const std::string id = yaml::to_text(item, problems_);
    const std::optional<ResultKind> kind = result_kind_from(id);
    if (!kind)
      item.problem(problems_,
                   cat('"', printable(id), "\" is no kind of result", suggestion(id, kind_ids)));
    else if (std::find(out.kinds.begin(), out.kinds.end(), *kind) != out.kinds.end())
      item.problem(problems_, cat('"', id, "\" stands twice"));
    else
      out.kinds.push_back(*kind);
  }
  if (list && list.kind() == yaml::Kind::list && items.empty())
    list.problem(problems_, "no kind of result can settle this requirement: name at least one");
}

void Reader::check_references(const Shelf& shelf) {
  for (const yaml::Node& basic : basics_)
    if (!shelf.has(basic.text()))
      basic.problem(problems_,
                    cat("there is no file \"", printable(basic.text()), extension,
                        "\" in this catalogue", suggestion(basic.text(), shelf.names())));
  for (const yaml::Node& id : applies_to_)
    if (!catalogue_.category(id.text()))
      id.problem(problems_, cat("there is no category \"", printable(id.text()), '"',
                                suggestion(id.text(), shelf.names())));
}

void Reader::check_document() {
  if (problems_.empty() && catalogue_.document_id.empty())
    problems_.add(Origin{},
                  cat("no file of the catalogue \"", catalogue_.id, "\" names its \"document\""));
}

Result<Catalogue> Reader::finish() {
  if (!problems_.empty()) return tl::unexpected(problems_.as_error());
  return std::move(catalogue_);
}

}  // namespace

std::string_view to_string(ResultKind kind) { return kind_ids[static_cast<std::size_t>(kind)]; }

std::optional<ResultKind> result_kind_from(std::string_view id) {
  const auto found = std::find(kind_ids.begin(), kind_ids.end(), id);
  if (found == kind_ids.end()) return std::nullopt;
  return static_cast<ResultKind>(found - kind_ids.begin());
}

const Requirement* Catalogue::find(std::string_view requirement_id) const {
  for (const Requirement& requirement : requirements)
    if (requirement.id == requirement_id) return &requirement;
  return nullptr;
}

const Category* Catalogue::category(std::string_view wanted) const {
  for (const Category& category : categories)
    if (category.id == wanted) return &category;
  return nullptr;
}

std::vector<const Requirement*> Catalogue::applying_to(std::string_view category) const {
  std::vector<const Requirement*> out;
  for (const Requirement& requirement : requirements)
    if (std::find(requirement.applies_to.begin(), requirement.applies_to.end(), category) !=
        requirement.applies_to.end())
      out.push_back(&requirement);
  return out;
}

Result<Catalogue> Catalogue::load(std::string_view id_or_folder) {
  const Result<Shelf> shelf = Shelf::open(id_or_folder);
  if (!shelf) return tl::unexpected(shelf.error());
  std::vector<std::string> names = shelf->names();
  std::stable_partition(names.begin(), names.end(), is_basic);
  Reader reader;
  std::vector<DocumentPtr> documents;
  for (const std::string& name : names) {
    const Result<DocumentPtr> document = shelf->read(name);
    if (!document) return tl::unexpected(document.error());
    documents.push_back(*document);
    reader.read(**document, name);
  }
  reader.check_references(*shelf);
  reader.check_document();
  return reader.finish();
}

Result<Catalogue> Catalogue::load(std::string_view id_or_folder, std::string_view category) {
  const Result<Shelf> shelf = Shelf::open(id_or_folder);
  if (!shelf) return tl::unexpected(shelf.error());
  const std::string name(category);
  if (!shelf->has(name) || is_basic(name))
    return fail(Errc::bad_input, Blame::profile,
                cat("the catalogue \"", printable(id_or_folder), "\" has no category \"",
                    printable(category), '"', suggestion(category, shelf->categories())));
  const Result<DocumentPtr> document = shelf->read(name);
  if (!document) return tl::unexpected(document.error());
  const std::string basic = (*document)->root().find("basic").text();
  if (shelf->has(basic)) {
    const Result<DocumentPtr> shared = shelf->read(basic);
    if (!shared) return tl::unexpected(shared.error());
    return of(**shared, **document);
  }
  Reader reader;
  reader.read(**document, name);
  reader.check_references(*shelf);
  return reader.finish();
}

Result<Catalogue> Catalogue::of(const yaml::Document& basic, const yaml::Document& category) {
  Reader reader;
  reader.read(basic, "");
  reader.read(category, "");
  reader.check_document();
  return reader.finish();
}

Result<void> Catalogue::check(const yaml::Document& document) {
  Reader reader;
  reader.read(document, "");
  const Result<Catalogue> read = reader.finish();
  if (!read) return tl::unexpected(read.error());
  return {};
}

}  // namespace carebench
