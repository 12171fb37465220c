// The JSON reader on arbitrary bytes: no crash, and what is written reads back to the same text.
#include "standards/vocab/json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "standards/vocab/bytes.h"
#include "standards/vocab/text.h"

using namespace carebench;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = parse_json(as_text({data, size}), "fuzz.json");
  if (!json) {
    if (!valid_utf8(json.error().text()) || json.error().at.line < 1) std::abort();
    return 0;
  }
  const std::string text = json->dump();
  const auto again = parse_json(text);
  if (!again || again->dump() != text) std::abort();
  const auto pretty = parse_json(json->dump(2));
  if (!pretty || pretty->dump() != text) std::abort();
  return 0;
}
