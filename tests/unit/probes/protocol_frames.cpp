// The frame reader: frames split anywhere, garbage with start marks in it, what is counted, and
// which evidence a frame stands on.
#include <ostream>
#include <random>

#include "probes/protocol.h"
#include "probes/protocol_spec.h"
#include "standards/vocab/text.h"
#include "tests/support/boost_test.h"

using namespace carebench;

namespace {

std::shared_ptr<const Protocol> load(std::string_view name) {
  auto protocol = Protocol::load(name);
  BOOST_TEST_REQUIRE(protocol.has_value());
  return *protocol;
}

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes octets(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

struct Found {
  std::string id, frame;
  std::uint64_t first_seq = 0, last_seq = 0;
  Nanoseconds stamp = 0;
};

void take(FrameReader& reader, std::vector<Found>& found) {
  Message message;
  while (reader.next(message))
    found.push_back({std::string(message.id()), to_hex(message.frame), message.first_seq,
                     message.last_seq, message.stamp.ns});
}

// Feeds the pieces as packets 1, 2, … stamped 10, 20, … ns.
struct Listening {
  explicit Listening(std::shared_ptr<const Protocol> p)
      : protocol(std::move(p)), reader(*protocol) {}
  void feed(ByteView piece) {
    ++packets;
    reader.feed(piece, Stamp{static_cast<Nanoseconds>(10 * packets)}, packets);
    take(reader, found);
  }
  std::shared_ptr<const Protocol> protocol;
  FrameReader reader;
  std::vector<Found> found;
  std::uint64_t packets = 0;
};

std::string summary(const Listening& r) {
  std::string text;
  for (const Found& f : r.found) text += cat(f.id, ":", f.frame, " ");
  const FrameCounts& c = r.reader.counts();
  return text + cat(c.octets, " ", c.frames, " ", c.unknown, " ", c.checksum_errors, " ",
                    c.malformed, " ", c.resyncs, " ", c.dropped_octets, " ", r.reader.pending());
}

const Bytes breath = hex("53598102000116465443");      // breath_rate 22
const Bytes heart = hex("5359850200014882 5443");      // checksum wrong on purpose
const Bytes good_heart = hex("535985020001487c5443");  // heart_rate 72

struct Stream {
  std::string name, protocol;
  Bytes octets;
  std::size_t frames;
};
std::ostream& operator<<(std::ostream& out, const Stream& s) { return out << s.name; }

const Bytes ld_report = hex("f4f3f2f10d0002aa0251000000003b00005500f8f7f6f5");
const Bytes ld_answer = hex("fdfcfbfa0400fe01000004030201");
const Bytes gll = octets("$GPGLL,3348.452,N,11821.142,W,142214,A*3B\r\n");
const Bytes rmc = octets("$GPRMC,,V,,,,,,,,,,N*53\n");
const Bytes link_keep = octets("[3G*1234567890*0002*LK]");
const Bytes indexed = octets("[ZJ*1234567890*0007*000A*LK,12,3,88]");

std::vector<Stream> streams() {
  return {
      {"two frames", "r60abd1", breath + good_heart, 2},
      {"garbage around", "r60abd1", hex("00ff53") + breath + hex("535953") + good_heart + hex("54"),
       2},
      {"bad checksum between", "r60abd1", breath + heart + good_heart, 2},
      {"a frame inside a rejected one", "r60abd1",
       hex("5359800100 12") + breath + good_heart + hex("0000"), 2},
      {"an impossible length", "r60abd1", hex("535980017fff") + breath, 1},
      {"a length that waits", "r60abd1", hex("535980010040") + breath + Bytes(60, 0) + good_heart,
       2},
      {"unknown message", "r60abd1", hex("535999770000bc5443") + breath, 2},
      {"start marks only", "r60abd1", hex("5359535953595359") + breath, 1},
      {"reports and answers", "ld2410",
       ld_report + hex("f4f3f2") + ld_answer + hex("fdfcfbfaf4f3f2f1") + ld_report, 3},
      {"wrong end mark", "ld2410",
       hex("f4f3f2f10d0002aa0251000000003b00005500f8f7f6f4") + ld_report, 1},
      {"sentences", "nmea0183", gll + rmc + gll, 3},
      {"sentences in noise", "nmea0183",
       octets("$GPG$$!") + gll + octets("*3B\r\n$GPGLL,1*00\r\n!") + rmc + octets("$G"), 2},
      {"an endless line", "nmea0183", octets("$" + std::string(300, 'A')) + gll, 1},
      {"watch messages", "watch-3g", link_keep + indexed + link_keep, 3},
      {"watch messages in noise", "watch-3g",
       octets("[[3G*12*[3G*") + link_keep + octets("[3G*1*0009*LK]]*") + indexed, 2},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_protocol_frames)

BOOST_DATA_TEST_CASE(splits_make_no_difference, boost::unit_test::data::make(streams())) {
  const auto protocol = load(sample.protocol);
  const ByteView all(sample.octets);
  Listening whole(protocol);
  whole.feed(all);
  BOOST_TEST(whole.found.size() == sample.frames, summary(whole));
  const std::string expected = summary(whole);
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    Listening halves(protocol);
    halves.feed(all.first(cut));
    halves.feed(all.subspan(cut));
    BOOST_TEST(summary(halves) == expected, cat("cut at ", cut, ": ", summary(halves)));
  }
  Listening single(protocol);
  for (std::size_t i = 0; i < all.size(); ++i) single.feed(all.subspan(i, 1));
  BOOST_TEST(summary(single) == expected);
}

BOOST_DATA_TEST_CASE(all_octets_are_accounted_for, boost::unit_test::data::make(streams())) {
  Listening r(load(sample.protocol));
  r.feed(sample.octets);
  std::size_t in_frames = 0;
  for (const Found& f : r.found) in_frames += f.frame.size() / 2;
  BOOST_TEST(in_frames + r.reader.counts().dropped_octets + r.reader.pending() ==
             sample.octets.size());
  const auto rest = r.reader.pending();
  const auto dropped = r.reader.counts().dropped_octets;
  r.reader.reset();
  BOOST_TEST(r.reader.pending() == 0U);
  BOOST_TEST(r.reader.counts().dropped_octets == dropped + rest);
}

BOOST_AUTO_TEST_CASE(counts) {
  Listening r(load("r60abd1"));
  r.feed(hex("0011") + breath + heart + hex("535980017fff") + good_heart +
         hex("5359997700 00bc5443") + hex("5359850200014882 5444") + hex("5359"));
  const FrameCounts& c = r.reader.counts();
  BOOST_TEST(c.frames == 3U);
  BOOST_TEST(c.unknown == 1U);
  BOOST_TEST(c.checksum_errors == 1U);
  BOOST_TEST(c.malformed == 2U);
  BOOST_TEST(c.resyncs == 3U);
  BOOST_TEST(c.dropped_octets == 2U + 10 + 6 + 10);
  BOOST_TEST(r.reader.pending() == 2U);
  BOOST_TEST(r.reader.last_error() == "footer");
}

BOOST_AUTO_TEST_CASE(last_error_says_why) {
  const auto protocol = load("r60abd1");
  const auto why = [&](std::string_view text) {
    Listening r(protocol);
    r.feed(hex(text));
    return std::string(r.reader.last_error());
  };
  BOOST_TEST(why("53598102000116465443") == "");
  BOOST_TEST(why("53598102000116b95443") == "checksum");
  BOOST_TEST(why("53598102000116465444") == "footer");
  BOOST_TEST(why("53598102ffff") == "length");
  BOOST_TEST(why("0000") == "");
}

BOOST_AUTO_TEST_CASE(a_frame_knows_its_evidence) {
  Listening r(load("r60abd1"));
  const Bytes stream = hex("00") + breath + good_heart;
  r.feed(ByteView(stream).first(3));
  r.feed(ByteView(stream).subspan(3, 4));
  r.feed(ByteView(stream).subspan(7));
  BOOST_TEST_REQUIRE(r.found.size() == 2U);
  BOOST_TEST(r.found[0].first_seq == 1U);
  BOOST_TEST(r.found[0].last_seq == 3U);
  BOOST_TEST(r.found[0].stamp == 30);
  BOOST_TEST(r.found[1].first_seq == 3U);
  BOOST_TEST(r.found[1].last_seq == 3U);
}

// The stamp is that of the packet with the last octet, not of the one that made the reader sure.
BOOST_AUTO_TEST_CASE(a_frame_found_late_keeps_its_stamp) {
  Listening r(load("r60abd1"));
  r.feed(hex("535980010040") + breath);
  BOOST_TEST(r.found.empty());
  r.feed(Bytes(80, 0));
  BOOST_TEST_REQUIRE(r.found.size() == 1U);
  BOOST_TEST(r.found[0].first_seq == 1U);
  BOOST_TEST(r.found[0].last_seq == 1U);
  BOOST_TEST(r.found[0].stamp == 10);
}

BOOST_AUTO_TEST_CASE(reset_forgets_the_unfinished_frame) {
  Listening r(load("r60abd1"));
  r.feed(ByteView(breath).first(6));
  r.reader.reset();
  r.feed(ByteView(breath).subspan(6));
  r.feed(breath);
  BOOST_TEST(r.found.size() == 1U);
  BOOST_TEST(r.reader.counts().dropped_octets == 10U);
}

BOOST_AUTO_TEST_CASE(a_register_map_has_no_frames) {
  Listening r(load("nursing-bed"));
  r.feed(breath);
  r.feed(breath);
  BOOST_TEST(r.found.empty());
  BOOST_TEST(r.reader.counts().dropped_octets == 20U);
}

BOOST_AUTO_TEST_CASE(the_direction_tells_question_from_answer) {
  const auto protocol = load("r60abd1");
  const Bytes frame = protocol->encode("query_heart_rate", {}).value();
  const auto heard = [&](Direction direction) {
    FrameReader reader(*protocol, direction);
    Message message;
    reader.feed(frame, Stamp{}, 1);
    BOOST_TEST(reader.next(message));
    return std::string(message.id());
  };
  BOOST_TEST(heard(Direction::from_device) == "heart_rate");
  BOOST_TEST(heard(Direction::to_device) == "query_heart_rate");
  BOOST_TEST(heard(Direction::either) == "query_heart_rate");
}

// Garbage out of start marks, frames and their pieces, in packets of any size, against a reader
// that has everything at once.
BOOST_AUTO_TEST_CASE(random_streams_in_random_packets) {
  std::mt19937 random(20260101);
  const auto up_to = [&](std::size_t n) { return random() % (n + 1); };
  for (const Stream& s : streams()) {
    const auto protocol = load(s.protocol);
    for (int round = 0; round < 40; ++round) {
      Bytes stream;
      while (stream.size() < 700) {
        const std::size_t from = up_to(s.octets.size());
        const Bytes piece(s.octets.begin() + static_cast<std::ptrdiff_t>(from), s.octets.end());
        stream = stream + (up_to(1) ? s.octets : piece);
        if (up_to(2) == 0) stream.push_back(static_cast<std::uint8_t>(random()));
        if (up_to(4) == 0 && !stream.empty()) stream[up_to(stream.size() - 1)] ^= 1;
      }
      Listening whole(protocol), packets(protocol);
      whole.feed(stream);
      for (ByteView rest(stream); !rest.empty();) {
        const std::size_t size = std::min(rest.size(), 1 + up_to(round % 2 ? 5 : 90));
        // Packets live only as long as they are read.
        const Bytes packet(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
        packets.feed(packet);
        rest = rest.subspan(size);
      }
      BOOST_TEST_REQUIRE(summary(whole) == summary(packets));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
