#include "standards/vocab/error.h"

#include "tests/support/boost_test.h"

using namespace carebench;

BOOST_AUTO_TEST_SUITE(vocab_error)

BOOST_AUTO_TEST_CASE(text_says_where) {
  Error error{Errc::bad_input, Blame::profile, "no such key", {}, {}};
  BOOST_TEST(error.text() == "no such key");
  error.at = {"p.yaml", 0, 0};
  BOOST_TEST(error.text() == "p.yaml: no such key");
  error.at = {"p.yaml", 3, 0};
  BOOST_TEST(error.text() == "p.yaml:3: no such key");
  error.at = {"p.yaml", 3, 7};
  error.excerpt = "steps: x\n      ^";
  BOOST_TEST(error.text() == "p.yaml:3:7: no such key\n  steps: x\n        ^");
}

BOOST_AUTO_TEST_CASE(names_both_ways) {
  for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) {
    const Errc code = static_cast<Errc>(i);
    BOOST_TEST((errc_from(to_string(code)) == code));
  }
  for (Blame blame : {Blame::bench, Blame::profile, Blame::tool})
    BOOST_TEST((blame_from(to_string(blame)) == blame));
  BOOST_TEST((errc_from("nonsense") == Errc::internal));
  BOOST_TEST((blame_from("device") == Blame::tool));
}

BOOST_AUTO_TEST_CASE(exit_codes) {
  BOOST_TEST(exit_code(Errc::usage) == 64);
  BOOST_TEST(exit_code(Errc::bad_input) == 65);
  BOOST_TEST(exit_code(Errc::io) == 74);
  BOOST_TEST(exit_code(Errc::tampered) == 76);
  BOOST_TEST(exit_code(Errc::diverged) == 76);
  BOOST_TEST(exit_code(Errc::interrupted) == 130);
  for (Errc code : {Errc::not_found, Errc::busy, Errc::not_permitted, Errc::silent, Errc::lost,
                    Errc::unsupported, Errc::not_ready, Errc::internal})
    BOOST_TEST(exit_code(code) == 3);
}

BOOST_AUTO_TEST_CASE(problems_are_reported_together) {
  Problems problems;
  BOOST_TEST(problems.empty());
  problems.add({"p.yaml", 1, 2}, "first");
  BOOST_TEST(problems.as_error().text() == "p.yaml:1:2: first");
  problems.add({"p.yaml", 3, 4}, "second");
  const Error both = problems.as_error();
  BOOST_TEST(both.text() == "p.yaml:1:2: first\np.yaml:3:4: second");
  BOOST_TEST((both.code == Errc::bad_input && both.blame == Blame::profile));
  for (int i = 0; i < 100; ++i) problems.add({"p.yaml", 5, 1}, "more");
  BOOST_TEST(problems.as_error().message.ends_with("\nand 52 more problems"));
  for (int i = 0; i < 5000; ++i) problems.add({"p.yaml", 5, 1}, "more");
  BOOST_TEST(problems.list().size() == 1000);
  BOOST_TEST(problems.as_error().message.ends_with("\nand at least 950 more problems"));
}

BOOST_AUTO_TEST_SUITE_END()
