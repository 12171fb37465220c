#include "profiles/measuring/gatt_profiles.h"

#include <algorithm>
#include <array>
#include <map>

#include "profiles/measuring/gatt_session.h"
#include "standards/vocab/text.h"

namespace carebench {
namespace {

constexpr unsigned r = gatt_flag::read, w = gatt_flag::write, n = gatt_flag::notify,
                   i = gatt_flag::indicate;

constexpr std::array<MandatoryCharacteristic, 31> table = {{
    {0x180D, 0x2A37, n},                           // heart rate
    {0x1810, 0x2A35, i},     {0x1810, 0x2A49, r},  // blood pressure
    {0x1809, 0x2A1C, i},                           // thermometer
    {0x1808, 0x2A18, n},     {0x1808, 0x2A51, r},  // glucose
    {0x1808, 0x2A52, i | w}, {0x1822, 0x2A5E, i, 1},
    {0x1822, 0x2A5F, n, 1},  // pulse oximeter: one of both
    {0x1822, 0x2A60, r},     {0x181D, 0x2A9D, i},
    {0x181D, 0x2A9E, r},                           // weight scale
    {0x181B, 0x2A9C, i},     {0x181B, 0x2A9B, r},  // body composition
    {0x181F, 0x2AA7, n},     {0x181F, 0x2AA8, r},  // continuous glucose
    {0x181F, 0x2AA9, r},     {0x181F, 0x2AAA, r},
    {0x181F, 0x2AAB, r},     {0x181F, 0x2A52, i | w},
    {0x181F, 0x2AAC, i | w}, {0x180F, 0x2A19, r},  // battery
    {0x1805, 0x2A2B, r | n},                       // current time
    {0x1814, 0x2A53, n},     {0x1814, 0x2A54, r},  // running speed and cadence
    {0x1816, 0x2A5B, n},     {0x1816, 0x2A5C, r},  // cycling speed and cadence
    {0x183B, 0x2B2B, w},     {0x183B, 0x2B2C, i},  // binary sensor
    {0x183C, 0x2B2D, r},                           // emergency configuration
    {0x1840, 0x2BF3, r},                           // generic health sensor
}};

std::vector<std::string> names_of(unsigned properties) {
  std::vector<std::string> names;
  const auto all = gatt_flag_names();
  for (std::size_t bit = 0; bit < all.size(); ++bit)
    if (properties & 1u << bit) names.emplace_back(all[bit]);
  return names;
}

}  // namespace

std::span<const MandatoryCharacteristic> mandatory_characteristics() { return table; }

bool is_adopted_service(std::uint16_t service) {
  return std::any_of(table.begin(), table.end(),
                     [&](const auto& entry) { return entry.service == service; });
}

ProfileFindings examine(const GattDatabase::Service& service) {
  ProfileFindings findings;
  const Uuid configuration = Uuid::of(0x2902);
  std::map<int, bool> one_of;
  for (const MandatoryCharacteristic& entry : table) {
    if (service.uuid != Uuid::of(entry.service)) continue;
    const auto found =
        std::find_if(service.characteristics.begin(), service.characteristics.end(),
                     [&](const auto& c) { return c.uuid == Uuid::of(entry.characteristic); });
    const std::string path = cat(service.uuid.text(), "/", Uuid::of(entry.characteristic).text());
    const bool there = found != service.characteristics.end();
    if (entry.one_of > 0) one_of[entry.one_of] |= there;
    if (!there) {
      if (entry.one_of == 0) findings.missing.push_back(path);
      continue;
    }
    constexpr unsigned telling = n | i;
    const bool other_way = (entry.properties & telling) && (found->properties & telling) &&
                           (found->properties & telling) != (entry.properties & telling);
    if (!found->has(entry.properties) || other_way)
      findings.properties.push_back(cat(path, " has ", join(names_of(found->properties), ", "),
                                        "; its service demands ",
                                        join(names_of(entry.properties), ", ")));
  }
  for (const auto& [group, any] : one_of)
    if (!any) findings.missing.push_back(cat(service.uuid.text(), "/2A5E or 2A5F"));
  for (std::size_t at = 0; at < service.characteristics.size(); ++at) {
    const auto& characteristic = service.characteristics[at];
    const bool tells = characteristic.properties & (n | i);
    const bool has =
        std::any_of(characteristic.descriptors.begin(), characteristic.descriptors.end(),
                    [&](const auto& d) { return d.uuid == configuration; });
    if (tells && !has) findings.descriptors.push_back(path_of(service, at));
  }
  return findings;
}

}  // namespace carebench
