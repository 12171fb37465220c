#include "probes/modbus/codec.h"
#include "probes/modbus/framing.h"
#include "tests/support/boost_test.h"

namespace carebench {
namespace {

struct Shape {
  const char* hex;
  PduLength::Kind kind;
  std::size_t octets;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_modbus_framing)

BOOST_AUTO_TEST_CASE(crc_of_known_frames) {
  BOOST_TEST(modbus_crc(as_bytes("123456789")) == 0x4B37);
  BOOST_TEST(modbus_crc(*from_hex("0207")) == 0x1241);  // Serial Line V1.02, appendix B
  BOOST_TEST(modbus_crc({}) == 0xFFFF);
}

BOOST_AUTO_TEST_CASE(where_a_response_ends) {
  using Kind = PduLength::Kind;
  for (const Shape& shape : {
           Shape{"", Kind::more, 0},
           Shape{"03", Kind::more, 0},
           Shape{"0304", Kind::known, 6},
           Shape{"83", Kind::known, 2},
           Shape{"05", Kind::known, 5},
           Shape{"07", Kind::known, 2},
           Shape{"16", Kind::known, 7},
           Shape{"1800", Kind::more, 0},
           Shape{"180006", Kind::known, 9},
           Shape{"2B", Kind::more, 0},
           Shape{"2B0D", Kind::shapeless, 0},
           Shape{"2B0E0101000002", Kind::more, 0},
           Shape{"2B0E010100000200014101", Kind::more, 0},
           Shape{"2B0E01010000020001410102", Kind::known, 14},
           Shape{"64", Kind::shapeless, 0},
       }) {
    const PduLength length = modbus_response_length(*from_hex(shape.hex));
    BOOST_TEST_CONTEXT(shape.hex) {
      BOOST_TEST((length.kind == shape.kind));
      if (shape.kind == Kind::known) BOOST_TEST(length.octets == shape.octets);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_codec_keeps_its_place_over_many_requests) {
  for (const ModbusFraming framing : {ModbusFraming::rtu, ModbusFraming::tcp}) {
    ModbusCodec codec;
    BOOST_REQUIRE(codec.open(framing, 1).has_value());
    const ModbusRequest request{3, 0x6B, 1, {}, {}};
    const Bytes answer = framing == ModbusFraming::tcp ? *from_hex("0007000000050103020101")
                                                       : *from_hex("01030201017814");
    for (int i = 0; i < 70'000; ++i) {
      if (i % 3 == 0) BOOST_REQUIRE(codec.encode_pdu(*from_hex("64"), 9).has_value());
      BOOST_REQUIRE(codec.encode(request, static_cast<std::uint16_t>(i)).has_value());
      const auto decoded = codec.decode(request, answer);
      BOOST_REQUIRE(decoded.has_value());
      BOOST_REQUIRE_MESSAGE(decoded->refused.empty(), decoded->refused);
      BOOST_REQUIRE(decoded->registers.at(0) == 0x0101);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_codec_refuses_what_is_no_answer) {
  ModbusCodec codec;
  BOOST_REQUIRE(codec.open(ModbusFraming::rtu, 1).has_value());
  const ModbusRequest request{3, 0x6B, 1, {}, {}};
  BOOST_TEST(!codec.decode(request, *from_hex("01030201017815"))->refused.empty());
  BOOST_TEST(!codec.decode(request, *from_hex("010302"))->refused.empty());
  BOOST_TEST(codec.decode(request, *from_hex("01030201017814"))->refused.empty());
  ModbusRequest illegal{3, 0, 126, {}, {}};
  BOOST_TEST(!codec.encode(illegal, 1));
  ModbusCodec closed;
  BOOST_TEST(!closed.encode(request, 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carebench
