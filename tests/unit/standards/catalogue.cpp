#include "standards/catalogue.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>

#include "standards/vocab/shipped.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

Catalogue shipped() {
  const auto catalogue = Catalogue::load("miit-2024");
  BOOST_TEST_REQUIRE(catalogue.has_value(), (catalogue ? "" : catalogue.error().text()));
  return *catalogue;
}

bool has(const Requirement& requirement, ResultKind kind) {
  return std::find(requirement.kinds.begin(), requirement.kinds.end(), kind) !=
         requirement.kinds.end();
}

// A folder of catalogue files that goes away again.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "carebench-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(std::filesystem::path(path_) / name) << text;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const std::string title = "document: {id: D, title: {zh: 目录, en: catalogue}}\n";

std::string requirement(std::string id, std::string more = "") {
  return "  - id: " + id + "\n    clause: {zh: 条款, en: clause}\n    kinds: [measured]\n" +
         "    failure_means: {zh: 后果, en: consequence}\n" + more;
}

std::string basic(std::string requirements) {
  return "catalogue: c\n" + title + "applies_to: [\"1\"]\nrequirements:\n" + requirements;
}

std::string category(std::string requirements) {
  return "catalogue: c\nbasic: basic\ncategory: {id: \"1\", name: {zh: 类, en: class}, "
         "description: {zh: 描述, en: text}}\nrequirements:\n" +
         requirements;
}

struct Bad {
  std::string basic, category, message;
};
std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.message; }
const std::array bad_catalogues = {
    Bad{basic(requirement("c/a")), category(requirement("c/a")),
        "1.yaml:5:9: the requirement \"c/a\" stands twice"},
    Bad{basic(requirement("a")), category(requirement("c/b")), "begins with \"c/\""},
    Bad{basic(requirement("c/a", "    kinds2: [x]\n")), category(requirement("c/b")),
        "basic.yaml:9:5: unknown key \"kinds2\""},
    Bad{basic(requirement("c/a")),
        category("  - {id: c/b, clause: {zh: 条款, en: x}, kinds: [mesured], "
                 "failure_means: {zh: x, en: x}}\n"),
        "\"mesured\" is no kind of result, did you mean \"measured\"?"},
    Bad{basic(requirement("c/a")),
        category("  - {id: c/b, clause: {zh: 条款}, kinds: [probed], "
                 "failure_means: {zh: x, en: x}}\n"),
        "1.yaml:5:23: the key \"en\" is missing"},
    Bad{basic(requirement("c/a")),
        category("  - {id: c/b, clause: {zh: 条款, en: x}, kinds: [], "
                 "failure_means: {zh: x, en: x}}\n"),
        "name at least one"},
    Bad{basic(requirement("c/a")),
        category("  - {id: c/b, clause: {zh: 条款, en: x}, kinds: [probed, probed], "
                 "failure_means: {zh: x, en: x}}\n"),
        "\"probed\" stands twice"},
    Bad{basic(requirement("c/a", "    applies_to: [\"7\"]\n")), category(requirement("c/b")),
        "there is no category \"7\""},
    Bad{basic(requirement("c/a")), "catalogue: d\nrequirements: []\n", "of another catalogue"},
    Bad{"catalogue: c\napplies_to: [\"1\"]\nrequirements: []\n",
        "catalogue: c\nbasic: basik\ncategory: {id: \"1\", name: {zh: 类, en: class}, "
        "description: {zh: 描述, en: text}}\nrequirements: []\n",
        "there is no file \"basik.yaml\" in this catalogue, did you mean \"basic\"?"},
    Bad{"catalogue: c\napplies_to: [\"1\"]\nrequirements: []\n", category("  []\n"),
        "names its \"document\""},
    Bad{basic(requirement("c/a")), "- x\n", "must be a map"},
    Bad{basic(requirement("c/a")), "catalogue: c\ncatalogue: c\n", "stands twice in this map"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(standards_catalogue)

BOOST_AUTO_TEST_CASE(shipped_catalogue) {
  const Catalogue catalogue = shipped();
  BOOST_TEST(catalogue.id == "miit-2024");
  BOOST_TEST(catalogue.document_id == "工信厅联电子函〔2024〕334号");
  BOOST_TEST(catalogue.title.zh == "智慧健康养老产品及服务推广目录（2024年版）分类");
  BOOST_TEST(catalogue.title.en ==
             "Categories of the Catalogue for the Promotion of Smart Health and Eldercare "
             "Products and Services (2024 edition)");
  for (std::string_view id :
       {"1.1",         "1.2",         "1.3",        "1.4",         "2",           "3.1",
        "3.2",         "4",           "5",          "6",           "7.1",         "7.2",
        "7.3",         "7.4",         "7.5",        "service-1.1", "service-1.2", "service-2.1",
        "service-2.2", "service-2.3", "service-2.4"}) {
    const Category* category = catalogue.category(id);
    BOOST_TEST_REQUIRE(category != nullptr, id);
    BOOST_TEST(!category->name.zh.empty());
    BOOST_TEST(!category->name.en.empty());
    BOOST_TEST(!category->description.zh.empty());
    BOOST_TEST(!category->description.en.empty());
  }
  BOOST_TEST(catalogue.categories.size() == 21);
  BOOST_TEST(catalogue.category("1.5") == nullptr);
}

BOOST_AUTO_TEST_CASE(every_clause_is_whole) {
  std::set<std::string> ids;
  for (const Requirement& requirement : shipped().requirements) {
    BOOST_TEST(ids.insert(requirement.id).second, requirement.id);
    BOOST_TEST(!requirement.clause.zh.empty(), requirement.id);
    BOOST_TEST(!requirement.clause.en.empty(), requirement.id);
    BOOST_TEST(!requirement.failure_means.zh.empty(), requirement.id);
    BOOST_TEST(!requirement.failure_means.en.empty(), requirement.id);
    BOOST_TEST(!requirement.kinds.empty(), requirement.id);
    BOOST_TEST(!requirement.applies_to.empty(), requirement.id);
    // A folded line of Chinese must not bring a blank into the clause.
    BOOST_TEST(requirement.clause.zh.find(' ') == std::string::npos, requirement.clause.zh);
  }
}

// How many clauses a device, a platform or a paper settles. The source's table has 42 product rows
// (28, 9, 5); 3.1 to 6 write two requirements in one row, which stand apart here.
BOOST_AUTO_TEST_CASE(counts_of_the_table) {
  struct Counts {
    int device = 0, platform = 0, paper = 0;
  } products, scenarios, services;
  for (const Requirement& requirement : shipped().requirements) {
    const std::string& category = requirement.applies_to.front();
    Counts& counts = category[0] == '7' ? scenarios : category[0] == 's' ? services : products;
    if (has(requirement, ResultKind::measured))
      ++counts.device;
    else if (has(requirement, ResultKind::probed))
      ++counts.platform;
    else
      ++counts.paper;
  }
  BOOST_TEST(products.device == 28 + 5);
  BOOST_TEST(products.platform == 9);
  BOOST_TEST(products.paper == 5);
  BOOST_TEST(scenarios.device == 2);
  BOOST_TEST(scenarios.platform == 8);
  BOOST_TEST(scenarios.paper == 0);
  BOOST_TEST(services.device == 1);
  BOOST_TEST(services.platform == 12);
  BOOST_TEST(services.paper == 0);
}

BOOST_AUTO_TEST_CASE(clauses_verbatim) {
  const Catalogue catalogue = shipped();
  const std::array<std::pair<std::string_view, std::string_view>, 12> rows = {{
      {"miit-2024/product/identifier", "具备独立的设备标识码"},
      {"miit-2024/product/transmission-mode", "具备标准化传输模式"},
      {"miit-2024/product/real-time", "具备数据实时传输能力"},
      {"miit-2024/product/platform", "具备与大数据平台对接服务的能力"},
      {"miit-2024/product/platform-security", "数据平台系统应符合相关信息安全标准"},
      {"miit-2024/product/electrical-safety", "产品应符合电气安全等相关国家标准"},
      {"miit-2024/product/trend-analysis", "具有趋势分析等功能"},
      {"miit-2024/product/early-warning", "具有……智能预警等功能"},
      {"miit-2024/1.3/storage", "具备内部备份存储的安全机制，内部存储不少于48小时"},
      {"miit-2024/1.4/consultation", "通过视频/语音/TP电话与医生进行健康咨询"},
      {"miit-2024/3.2/verified", "对所描述的功能进行过严格的验证评估"},
      {"miit-2024/3.2/indicators", "并符合相关标准"},
  }};
  for (const auto& [id, zh] : rows) {
    const Requirement* requirement = catalogue.find(id);
    BOOST_TEST_REQUIRE(requirement != nullptr, id);
    BOOST_TEST(requirement->clause.zh == zh);
  }
  const Requirement* ecg = catalogue.find("miit-2024/1.3/ecg-consultation");
  BOOST_TEST_REQUIRE(ecg != nullptr);
  BOOST_TEST(ecg->condition == "ecg");
  BOOST_TEST(ecg->clause.zh ==
             "监测内容中含心电项目的设备，应具备心电远程会诊功能（心电图可存储并根据需要上传至"
             "心电远程会诊平台）");
  BOOST_TEST(catalogue.find("miit-2024/product/identifier")->applies_note.find("inferred") !=
             std::string::npos);
}

// A part loads as the whole does, with the common requirements first.
BOOST_AUTO_TEST_CASE(one_category) {
  const Catalogue whole = shipped();
  for (const Category& category : whole.categories) {
    const auto part = Catalogue::load("miit-2024", category.id);
    BOOST_TEST_REQUIRE(part.has_value(), (part ? "" : part.error().text()));
    BOOST_TEST(part->document_id == whole.document_id);
    BOOST_TEST(part->categories.size() == 1);
    const auto all = whole.applying_to(category.id), some = part->applying_to(category.id);
    BOOST_TEST_REQUIRE(all.size() == some.size());
    BOOST_TEST(all.size() > 5);
    for (std::size_t i = 0; i < all.size(); ++i) BOOST_TEST(all[i]->id == some[i]->id);
  }
  const Catalogue care = *Catalogue::load("miit-2024", "3.2");
  const auto mattress = care.applying_to("3.2");
  BOOST_TEST(mattress.size() == 10);
  BOOST_TEST(mattress.front()->id == "miit-2024/product/identifier");
  BOOST_TEST(mattress.back()->id == "miit-2024/3.2/indicators");
}

BOOST_AUTO_TEST_CASE(unknown_names) {
  const auto category = Catalogue::load("miit-2024", "service-2.5");
  BOOST_TEST_REQUIRE(!category.has_value());
  BOOST_TEST((category.error().code == Errc::bad_input));
  BOOST_TEST(category.error().message.find("did you mean \"service-2.") != std::string::npos);
  BOOST_TEST(!Catalogue::load("miit-2024", "product-basic").has_value());
  BOOST_TEST(!Catalogue::load("miit-2024", "../../limits/gnss").has_value());
  const auto catalogue = Catalogue::load("miit-2025");
  BOOST_TEST_REQUIRE(!catalogue.has_value());
  BOOST_TEST(catalogue.error().message.find("no catalogue \"miit-2025\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(folders) {
  const Folder folder;
  folder.write("basic.yaml", basic(requirement("c/a")));
  folder.write("1.yaml", category(requirement("c/b", "    limit_note: {zh: 限, en: limit}\n")));
  folder.write("notes.txt", "not read");
  for (const auto& loaded : {Catalogue::load(folder.path()), Catalogue::load(folder.path(), "1")}) {
    BOOST_TEST_REQUIRE(loaded.has_value(), (loaded ? "" : loaded.error().text()));
    BOOST_TEST(loaded->id == "c");
    BOOST_TEST(loaded->requirements.size() == 2);
    BOOST_TEST(loaded->find("c/b")->limit_note.en == "limit");
    BOOST_TEST(loaded->category("1")->basic == "basic");
  }
  folder.write("2.yaml", category(requirement("c/d")));
  const auto misnamed = Catalogue::load(folder.path());
  BOOST_TEST_REQUIRE(!misnamed.has_value());
  BOOST_TEST(misnamed.error().text().find("must be named 1.yaml") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_already_read) {
  const auto basics = yaml::Document::parse("b", basic(requirement("c/a")));
  const auto one = yaml::Document::parse("1", category(requirement("c/b")));
  const auto both = Catalogue::of(**basics, **one);
  BOOST_TEST_REQUIRE(both.has_value(), (both ? "" : both.error().text()));
  BOOST_TEST(both->applying_to("1").size() == 2);
  BOOST_TEST(!Catalogue::of(**one, **one).has_value());
}

BOOST_DATA_TEST_CASE(refused, bad_catalogues, bad) {
  const Folder folder;
  folder.write("basic.yaml", bad.basic);
  folder.write("1.yaml", bad.category);
  const auto loaded = Catalogue::load(folder.path());
  BOOST_TEST_REQUIRE(!loaded.has_value());
  BOOST_TEST((loaded.error().code == Errc::bad_input));
  const std::string text = loaded.error().text();
  BOOST_TEST(text.find(bad.message) != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(each_file_for_itself) {
  for (const ShippedFile& file : shipped_files("standards/catalogue/")) {
    BOOST_TEST(file.text.starts_with("# "), file.path);
    const auto document = yaml::Document::parse(std::string(file.path), std::string(file.text));
    BOOST_TEST_REQUIRE(document.has_value());
    const auto checked = Catalogue::check(**document);
    BOOST_TEST(checked.has_value(), (checked ? "" : checked.error().text()));
    for (std::string_view line : split(file.text, '\n'))
      BOOST_TEST(display_width(line) <= 100, file.path << ": " << line);
  }
}

BOOST_AUTO_TEST_SUITE_END()
