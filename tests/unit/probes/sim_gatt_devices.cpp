// Every shipped virtual GATT device: it says nothing wrong, repeats itself, and each of its faults
// shows in what a laboratory would do with it.
#include <ostream>

#include "probes/gatt/reading.h"
#include "tests/support/boost_test.h"
#include "tests/support/sim_gatt.h"

using namespace carebench;
using namespace carebench::sim;

namespace {

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (const std::string_view name : shipped_devices())
    if (loaded(name)->gatt) names.emplace_back(name);
  return names;
}

std::string path_of(const GattDatabase::Service& service,
                    const GattDatabase::Characteristic& characteristic) {
  return cat(service.uuid.text(), "/", characteristic.uuid.text());
}

template <class Work>
void each_attribute(GattBench& bench, Work work) {
  const GattDatabase database = bench.engine->gatt()->database();
  for (const auto& service : database.services)
    for (const auto& characteristic : service.characteristics) {
      (void)bench.connect();
      work(path_of(service, characteristic), characteristic);
    }
}

void read_all(GattBench& bench) {
  each_attribute(bench, [&](const std::string& path, const auto& one) {
    if (one.has(gatt_flag::read)) bench.perform(ReadValue{path});
  });
}

void subscribe_to_all(GattBench& bench, Subscribe::Mode mode = Subscribe::Mode::acquire) {
  each_attribute(bench, [&](const std::string& path, const auto& one) {
    if (one.properties & (gatt_flag::notify | gatt_flag::indicate))
      bench.perform(Subscribe{path, mode});
  });
}

void ask_for_records(GattBench& bench) {
  for (const GattRecords& records : bench.engine->gatt()->spec().records) {
    const std::string control = cat(records.service.text(), "/2A52");
    if (!bench.engine->gatt()->database().find(AttributePath::parse(control).value())) continue;
    for (const Bytes& request : {Bytes{4, 1}, Bytes{1, 1}, Bytes{0x63, 0}, Bytes{1, 6}}) {
      bench.perform(WriteValue{control, request});
      bench.run(seconds(3));
    }
  }
}

// What starts the answers of devices that have something to be asked for.
void ask(GattBench& bench) {
  struct Request {
    std::string_view path, octets;
  };
  constexpr Request requests[] = {
      {"FFF0/FFF2", "a55a810100c7f3"}, {"183B/2B2B", "0100000000"}, {"181F/2AAC", "02952c"}};
  each_attribute(bench, [&](const std::string& path, const auto&) {
    for (const Request& request : requests) {
      if (request.path != path) continue;
      for (int times = 0; times < 12; ++times) {
        bench.perform(WriteValue{path, *from_hex(request.octets)});
        bench.run(milliseconds(100));
      }
    }
  });
}

void write_nonsense(GattBench& bench) {
  each_attribute(bench, [&](const std::string& path, const auto& one) {
    if (!one.has(gatt_flag::write)) return;
    for (const std::size_t length : {0U, 1U, 20U, 513U}) {
      bench.perform(WriteValue{path, Bytes(length, 0x63)});
      bench.run(milliseconds(400));
    }
  });
}

std::vector<std::string> whole_session(std::string_view name, const std::string& fault) {
  GattBench bench(name, fault, 2);
  bench.perform(Scan{true});
  bench.run(seconds(65));
  bench.perform(Scan{false});
  (void)bench.connect();
  bench.perform(Discover{});
  bench.run(seconds(3));
  read_all(bench);
  subscribe_to_all(bench);
  write_nonsense(bench);
  bench.perform(Unpair{});
  for (const std::string capability : {"NoInputNoOutput", "KeyboardDisplay"}) {
    (void)bench.connect();
    bench.pair(capability);
    bench.perform(Status{});
  }
  (void)bench.connect();
  subscribe_to_all(bench);
  ask_for_records(bench);
  ask(bench);
  bench.run(seconds(130));
  write_nonsense(bench);
  bench.perform(Disconnect{});
  bench.run(seconds(700));
  (void)bench.connect();
  bench.pair("KeyboardDisplay");
  read_all(bench);
  bench.run(seconds(65));
  subscribe_to_all(bench);
  ask_for_records(bench);
  bench.run(seconds(60));
  subscribe_to_all(bench, Subscribe::Mode::off);
  bench.run(seconds(65));
  bench.perform(Unpair{});
  (void)bench.connect();
  for (const std::string capability : {"NoInputNoOutput", "KeyboardDisplay"}) {
    (void)bench.connect();
    bench.pair(capability);
  }
  bench.perform(Status{});
  return bench.transcript;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_sim_gatt_devices)

BOOST_DATA_TEST_CASE(loads_under_its_file_name, device_names(), name) {
  const auto device = loaded(name);
  BOOST_TEST(device->name == name);
  BOOST_TEST(!device->title.zh.empty());
  BOOST_TEST(!device->faults.empty());
}

BOOST_DATA_TEST_CASE(repeats_itself, device_names(), name) {
  const auto first = whole_session(name, "");
  BOOST_TEST(first.size() > 100U);
  BOOST_TEST((first == whole_session(name, "")));
}

BOOST_DATA_TEST_CASE(says_nothing_wrong_without_a_fault, device_names(), name) {
  GattBench bench(name);
  BOOST_TEST_REQUIRE(bench.connect());
  const auto& spec = bench.engine->gatt()->spec();
  bench.pair(spec.pairing.capability == "NoInputNoOutput" ? "NoInputNoOutput" : "KeyboardDisplay");
  subscribe_to_all(bench);
  ask_for_records(bench);
  bench.run(seconds(120));
  const Protocol& protocol = *bench.engine->device().protocol;
  // What only broadcasts is heard by who scans.
  if (std::ranges::all_of(protocol.gatt, &GattUse::advertised)) {
    bench.perform(Disconnect{});
    bench.perform(Scan{true});
    bench.run(seconds(30));
  }
  FrameReader reader(protocol);
  std::string said;
  for (const GattBench::Event& event : bench.events) {
    GattEvent one;
    one.kind = event.kind;
    one.uuid = event.uuid;
    one.value = event.value;
    Bytes octets;
    one.append_to(octets);
    reader.feed(octets, event.stamp, 1);
    for (Message message; reader.next(message);)
      for (const ValueFinding* finding : message.findings()) said += cat(finding->code, " ");
  }
  const FrameCounts& counts = reader.counts();
  BOOST_TEST(counts.frames >= 5U);
  BOOST_TEST(counts.malformed == 0U, reader.last_error());
  BOOST_TEST(counts.violations == 0U, said);
  BOOST_TEST(!bench.lost_at.has_value());
}

BOOST_DATA_TEST_CASE(each_fault_shows, device_names(), name) {
  const auto device = loaded(name);
  const auto sound = whole_session(name, "");
  for (const Fault& fault : device->faults) {
    BOOST_TEST_CONTEXT(name << "?fault=" << fault.name) {
      const auto tried = try_out(device, fault.name);
      BOOST_TEST(tried.has_value(), (tried ? "" : tried.error().text()));
      BOOST_TEST((whole_session(name, fault.name) != sound), "the fault changes nothing");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
