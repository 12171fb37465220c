// What a device sends on its own, and how a link to it ends: the sockets of AcquireNotify and the
// signals of bluetoothd, behind one descriptor. The step's thread says what is to be heard, the
// reader's thread pumps.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "probes/dbus/bus.h"
#include "probes/gatt/event.h"
#include "probes/links/ble_advertising.h"

namespace carebench::links {

class BleEvents {
 public:
  BleEvents();
  ~BleEvents();
  int wait_fd() const { return epoll_.get(); }

  // From now on these are our bus, adapter and device (object paths).
  void attach(std::shared_ptr<dbus::Bus> bus, std::string adapter, std::string device);

  struct Subject {  // a characteristic
    std::string path;
    EventKind kind = EventKind::value;
    std::uint16_t handle = 0;
    Uuid uuid;
  };
  void acquired(const Subject& subject, dbus::Descriptor socket);
  void started(const Subject& subject);  // its values come as signals
  bool is_started(const std::string& path) const;
  bool is_acquired(const std::string& path) const;
  void stop(const std::string& path);  // closes its socket; drops its signals

  // bluetoothd signals a value that we read as it does one that was notified. Around a read of a
  // subject whose values come as signals: the mark to begin the call with, 0 where none is needed.
  std::uint64_t begin_read(const std::string& path);

  // The link is up from where the call with this mark was answered on. What then ends it is handed
  // in as lost, once.
  std::uint64_t begin_up();
  void down();       // we end it ourselves
  void forgotten();  // … and bluetoothd forgets the device, with all that was started on it
  bool is_up() const;
  void scanning(bool on, const dbus::Value& properties_of_device);
  // Objects below the device were added or removed since it was asked last.
  bool take_changed();

  void pump(Stamp now, Ingest& ingest);

 private:
  struct Socket {
    Subject subject;
    dbus::Descriptor fd;
  };
  static constexpr std::size_t most_octets = 1024, at_once = 64;
  struct Packets;

  void read_socket(int fd, bool hung_up, Stamp now, Ingest& ingest);
  void take_signals();
  bool settle_reads();
  void hand_in(dbus::Event& event, Ingest& ingest);
  void properties_changed(const dbus::Event& event, Ingest& ingest);
  void objects_changed(const dbus::Event& event, Ingest& ingest);
  void lost(Stamp stamp, std::string_view how, Ingest& ingest);
  void frame(const Subject& subject, EventSource source, Stamp stamp, ByteView value,
             Ingest& ingest);

  const dbus::Descriptor epoll_;
  const std::unique_ptr<Packets> packets_;
  mutable std::mutex mutex_;  // guards all below; the reader holds it while it hands in
  std::shared_ptr<dbus::Bus> bus_;
  std::string adapter_, device_;
  std::map<int, Socket> sockets_;
  std::map<std::string, Subject, std::less<>> started_;
  std::deque<dbus::Event> held_;  // signals that came and were not handed in yet
  struct Read {
    std::uint64_t mark = 0;
    std::string path;
  };
  std::deque<Read> reads_;  // begun, and their echoes not dropped yet; the oldest first
  std::uint64_t next_mark_ = 1, up_mark_ = 0;
  bool up_ = false, coming_up_ = false, scanning_ = false, changed_ = false;
  BleAdvertising advertising_;
  Bytes frame_;
};

}  // namespace carebench::links
