// Reads a virtual device's YAML into device.h's structures. Private to device_read*.cpp.
#pragma once

#include "probes/sim/device.h"

namespace carebench::sim {

class DeviceReader {
 public:
  DeviceReader(VirtualDevice& device, Problems& problems) : device_(device), problems_(problems) {}

  void read(const yaml::Node& root);

 private:
  // Values by name, as far as the part that is being read may use them.
  const ValueSpec* known_value(std::string_view name) const;
  std::vector<std::string_view> value_names() const;

  void read_line(yaml::MapReader& map);
  void read_identification(const yaml::Node& node);
  void read_parts(yaml::MapReader& map, Parts& parts);

  // device_read_value.cpp
  void read_values(const yaml::Node& node, Parts& parts);
  void read_value(yaml::MapReader& map, ValueSpec& value);
  void read_truth(yaml::MapReader& map, ValueSpec& value);
  void read_text_value(yaml::MapReader& map, ValueSpec& value);
  void read_samples(const yaml::Node& node, ValueSpec& value);
  Operand read_operand(const yaml::Node& node, bool fields_allowed);
  Operands read_operands(const yaml::Node& node, bool fields_allowed);
  Condition read_condition(const yaml::Node& node);
  void check_pieces(const yaml::Node& node, std::string_view text);

  // device_read_parts.cpp
  Stream read_stream(const yaml::Node& node);
  Responder read_responder(const yaml::Node& node);
  Event read_event(const yaml::Node& node);
  Trigger read_trigger(const yaml::Node& node);
  std::vector<Action> read_actions(const std::vector<yaml::Node>& nodes, bool fields_allowed);
  Action read_action(const yaml::Node& node, bool fields_allowed);
  const MessageSpec* read_message(const yaml::Node& node);
  Operands read_fields(const yaml::Node& node, const MessageSpec* message, bool fields_allowed);
  void check_registers(yaml::MapReader& map);
  bool unknown_id(std::string_view id) const;  // of a stream, responder, event or attribute

  // device_read_gatt.cpp
  GattPatch read_gatt(const yaml::Node& node, Behaviour* faulty);
  GattMessage read_gatt_message(yaml::MapReader& map, std::string_view key);
  GattContent read_gatt_content(const yaml::Node& node);
  void read_gatt_need(const yaml::Node& node, GattAttribute& attribute);
  GattAttribute read_characteristic(const yaml::Node& node, GattAttribute attribute);
  void read_services(const yaml::Node& node, const GattAttribute& defaults, GattPatch& patch);
  GattAddress read_gatt_address(const yaml::Node& node, GattAddress address);
  GattAdvertising read_advertising(const yaml::Node& node, GattAdvertising told);
  GattPairing read_pairing(const yaml::Node& node, GattPairing pairing);
  GattRecords read_records(const yaml::Node& node);
  void read_faulty_gatt(yaml::MapReader& map, GattBehaviour& behaviour);

  // device_read_fault.cpp
  void read_fault_set(const yaml::Node& name);
  void read_faults(const yaml::Node& node);
  Fault read_fault(const yaml::Node& name, const yaml::Node& node);
  void read_disturbance(yaml::MapReader& map, std::size_t kind, Behaviour& behaviour);
  Pick read_pick(yaml::MapReader& map);
  void read_faulty_life(yaml::MapReader& map, Behaviour& behaviour);
  void read_faulty_identity(const yaml::Node& node, Behaviour& behaviour);
  void read_faulty_modbus(const yaml::Node& node, Behaviour& behaviour);

  VirtualDevice& device_;
  Problems& problems_;
  const Parts* fault_parts_ = nullptr;  // of the fault that is being read
};

}  // namespace carebench::sim
