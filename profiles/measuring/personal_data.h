// Finds personal data in octets as they go over a line, whatever the frames in between: Chinese
// citizen numbers (GB 11643-1999: 18 characters, region, date, ISO/IEC 7064 MOD 11-2), mainland
// mobile numbers (11 digits from 1, 3 to 9) and texts that are known beforehand. ASCII and UTF-16
// of both octet orders are read; texts in other encodings are given as octets.
//
// What is found leaves this file masked: a record must not hold what the device should not have
// sent.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "standards/vocab/bytes.h"
#include "standards/vocab/quantity.h"

namespace carebench {

// 18 characters: a region, a date of birth from 1900 to 2099, and the right check character.
bool is_resident_id(std::string_view text);
// 11 digits.
bool is_mobile_number(std::string_view text);
// The first three and the last two characters, stars between; shorter than 8: stars only.
std::string masked(std::string_view utf8);

enum class PersonalData { resident_id, telephone, known_text };

struct PersonalDataFound {
  std::int64_t count = 0;
  SeqRange evidence;
  std::vector<std::string> shown;  // masked, different ones, a few
};

class PersonalDataScanner {
 public:
  struct Setup {
    std::vector<std::string> known;     // UTF-8; also looked for in UTF-16
    std::vector<Bytes> known_octets;    // in any encoding
    std::vector<std::string> excluded;  // identifiers: numbers inside them are no personal data
  };
  explicit PersonalDataScanner(Setup setup);

  void feed(ByteView octets, std::uint64_t seq);
  void finish();  // nothing follows: what stands at the very end ends here
  const PersonalDataFound& found(PersonalData kind) const {
    return found_[static_cast<std::size_t>(kind)];
  }
  std::uint64_t octets() const { return octets_; }

 private:
  // Letters and digits in a row, read in one of the encodings.
  struct Word {
    std::string text;
    std::uint64_t first_seq = 0;
    bool overlong = false;
    bool after_point = false;  // digits after a decimal point
  };
  struct Needle {
    Bytes octets;
    std::string shown;
  };

  void add_needle(std::string_view octets, std::string shown);
  void character(Word& word, int c, std::uint64_t seq);
  void end_word(Word& word, std::uint64_t seq);
  void digits(const Word& word, std::size_t from, std::size_t to, std::uint64_t seq);
  void search_known(ByteView octets, std::uint64_t seq);
  void note(PersonalData kind, std::string shown, std::uint64_t first, std::uint64_t last);
  bool is_excluded(std::string_view digits) const;

  Setup setup_;
  std::vector<Needle> needles_;
  std::size_t longest_needle_ = 0;
  std::array<Word, 5> words_;  // ASCII, UTF-16 LE at even and odd offsets, BE likewise
  std::array<PersonalDataFound, 3> found_;
  Bytes recent_;  // so much of the stream that no known text is cut
  std::uint64_t recent_seq_ = 0;
  std::uint64_t octets_ = 0;
  std::uint8_t previous_ = 0;
};

}  // namespace carebench
