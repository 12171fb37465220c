#include "probes/links/ble_events.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "probes/links/ble_adapter.h"
#include "probes/links/ble_attributes.h"
#include "standards/vocab/text.h"

namespace carebench::links {

// Room for the packets of one system call, each behind the header of its frame.
struct BleEvents::Packets {
  std::array<std::array<std::uint8_t, GattEvent::header + most_octets>, at_once> room;
  std::array<iovec, at_once> pieces;
  std::array<mmsghdr, at_once> messages{};
  Packets() {
    for (std::size_t i = 0; i < at_once; ++i) {
      pieces[i] = {room[i].data() + GattEvent::header, most_octets};
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
};

namespace {

bool is_hung_up(int fd) {
  pollfd asked{fd, 0, 0};
  return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLHUP | POLLERR));
}

}  // namespace

BleEvents::BleEvents()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), packets_(std::make_unique<Packets>()) {}

BleEvents::~BleEvents() = default;

void BleEvents::attach(std::shared_ptr<dbus::Bus> bus, std::string adapter, std::string device) {
  const std::lock_guard lock(mutex_);
  if (bus_) (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, bus_->event_fd(), nullptr);
  bus_ = std::move(bus);
  adapter_ = std::move(adapter);
  device_ = std::move(device);
  held_.clear();
  started_.clear();
  reads_.clear();
  up_mark_ = 0;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = bus_->event_fd();
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, bus_->event_fd(), &event);
}

void BleEvents::acquired(const Subject& subject, dbus::Descriptor socket) {
  const std::lock_guard lock(mutex_);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket.get();
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket.get(), &event);
  const int fd = socket.get();
  sockets_.insert_or_assign(fd, Socket{subject, std::move(socket)});
}

void BleEvents::started(const Subject& subject) {
  const std::lock_guard lock(mutex_);
  started_.insert_or_assign(subject.path, subject);
}

bool BleEvents::is_started(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return started_.contains(path);
}

bool BleEvents::is_acquired(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(sockets_,
                             [&](const auto& one) { return one.second.subject.path == path; });
}

void BleEvents::stop(const std::string& path) {
  const std::lock_guard lock(mutex_);
  started_.erase(path);
  std::erase_if(sockets_, [&](const auto& one) { return one.second.subject.path == path; });
}

std::uint64_t BleEvents::begin_read(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!started_.contains(path)) return 0;
  reads_.push_back({next_mark_, path});
  return next_mark_++;
}

std::uint64_t BleEvents::begin_up() {
  const std::lock_guard lock(mutex_);
  coming_up_ = true;
  return up_mark_ = next_mark_++;
}

void BleEvents::forgotten() {
  down();
  const std::lock_guard lock(mutex_);
  started_.clear();
}

void BleEvents::down() {
  const std::lock_guard lock(mutex_);
  up_ = coming_up_ = false;
  up_mark_ = 0;
  sockets_.clear();
}

bool BleEvents::is_up() const {
  const std::lock_guard lock(mutex_);
  return coming_up_;
}

void BleEvents::scanning(bool on, const dbus::Value& properties_of_device) {
  const std::lock_guard lock(mutex_);
  scanning_ = on;
  if (on) (void)advertising_.heard(properties_of_device);  // what is known already is not heard now
}

bool BleEvents::take_changed() {
  const std::lock_guard lock(mutex_);
  return std::exchange(changed_, false);
}

void BleEvents::pump(Stamp now, Ingest& ingest) {
  std::array<epoll_event, 16> events;
  const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  const std::lock_guard lock(mutex_);
  bool of_bus = false;
  for (int i = 0; i < n; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (bus_ && event.data.fd == bus_->event_fd())
      of_bus = true;
    else
      read_socket(event.data.fd, event.events & (EPOLLHUP | EPOLLERR), now, ingest);
  }
  if (of_bus) take_signals();
  while (!held_.empty() && settle_reads()) {
    dbus::Event event = std::move(held_.front());
    held_.pop_front();
    hand_in(event, ingest);
  }
}

void BleEvents::read_socket(int fd, bool hung_up, Stamp now, Ingest& ingest) {
  const auto found = sockets_.find(fd);
  if (found == sockets_.end()) return;
  const Subject& subject = found->second.subject;
  int n = ::recvmmsg(fd, packets_->messages.data(), at_once, MSG_DONTWAIT, nullptr);
  const auto size_of = [&](int i) {
    return packets_->messages[static_cast<std::size_t>(i)].msg_len;
  };
  // The end reads as empty values, as many as there is room for.
  bool ended = n <= 0 && hung_up;
  if (n > 0 && size_of(n - 1) == 0 && is_hung_up(fd))
    for (ended = true; n > 0 && size_of(n - 1) == 0;) --n;
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t size = size_of(i);
    std::uint8_t* octets = packets_->room[at].data();
    frame_.clear();
    GattEvent{subject.kind, EventSource::acquired, subject.handle, subject.uuid, {}}.append_to(
        frame_);
    std::ranges::copy(frame_, octets);
    ingest.frame(now, ByteView(octets, GattEvent::header + size));
  }
  if (!ended) return;
  const std::string how = cat("the notification socket of ", subject.uuid.text(),
                              " was closed: the device has disconnected, or bluetoothd has ended");
  sockets_.erase(found);
  lost(now, how, ingest);
}

void BleEvents::take_signals() {
  auto came = bus_->take();
  if (held_.empty())
    held_ = std::move(came);
  else
    std::ranges::move(came, std::back_inserter(held_));
}

// False: the event in front may be the echo of a read that is not answered yet. The echo is the
// last such signal before the answer; it is dropped here.
bool BleEvents::settle_reads() {
  while (!reads_.empty() && !held_.empty()) {
    const Read& read = reads_.front();
    const auto is_value = [&](const dbus::Event& event) {
      return event.member == "PropertiesChanged" && event.path == read.path &&
             !event.body[1]["Value"].empty();
    };
    const auto answered = std::ranges::find_if(held_, [&](const dbus::Event& event) {
      return event.kind == dbus::Event::Kind::lost || event.mark == read.mark;
    });
    if (answered == held_.end()) return !is_value(held_.front());
    // Refused: no echo.
    const ByteView value = answered->body.empty() ? ByteView() : answered->body[0].octets();
    for (auto event = answered; !answered->body.empty() && event != held_.begin();) {
      --event;
      if (!is_value(*event) || !std::ranges::equal(event->body[1]["Value"].octets(), value))
        continue;
      held_.erase(event);
      break;
    }
    reads_.pop_front();
  }
  return !held_.empty();
}

void BleEvents::frame(const Subject& subject, EventSource source, Stamp stamp, ByteView value,
                      Ingest& ingest) {
  frame_.clear();
  GattEvent{subject.kind, source, subject.handle, subject.uuid, value}.append_to(frame_);
  ingest.frame(stamp, frame_);
}

void BleEvents::lost(Stamp stamp, std::string_view how, Ingest& ingest) {
  if (!up_ && !coming_up_ && !scanning_) return;
  up_ = coming_up_ = scanning_ = false;
  up_mark_ = 0;
  sockets_.clear();
  ingest.lost(stamp, how);
}

void BleEvents::hand_in(dbus::Event& event, Ingest& ingest) {
  using Kind = dbus::Event::Kind;
  if (event.kind == Kind::answered) {
    up_ |= up_mark_ != 0 && event.mark == up_mark_;
  } else if (event.kind == Kind::overflow) {
    lost(event.stamp, "more signals came than the bench can queue; some are missing", ingest);
  } else if (event.kind == Kind::lost) {
    lost(event.stamp, event.member, ingest);
  } else if (event.member == "NameOwnerChanged") {
    if (event.body[2].text().empty()) lost(event.stamp, "bluetoothd has ended", ingest);
  } else if (event.member == "PropertiesChanged") {
    properties_changed(event, ingest);
  } else {
    objects_changed(event, ingest);
  }
}

void BleEvents::properties_changed(const dbus::Event& event, Ingest& ingest) {
  const std::string& interface = event.body[0].text();
  const dbus::Value& changed = event.body[1];
  if (interface == characteristic_interface) {
    const auto subject = started_.find(event.path);
    const dbus::Value& value = changed["Value"];
    if (subject != started_.end() && value.type == "ay")
      frame(subject->second, EventSource::signal, event.stamp, value.octets(), ingest);
  } else if (interface == device_interface && event.path == device_) {
    const auto& frames = advertising_.heard(changed, event.body[2].items());
    if (scanning_)
      for (const Bytes& one : frames) ingest.frame(event.stamp, one);
    if (up_ && !changed["Connected"].boolean(true))
      lost(event.stamp, "the device has disconnected", ingest);
  } else if (interface == adapter_interface && event.path == adapter_) {
    if (!changed["Powered"].boolean(true))
      lost(event.stamp, "the adapter was switched off", ingest);
  }
}

void BleEvents::objects_changed(const dbus::Event& event, Ingest& ingest) {
  const std::string& path = event.body[0].text();
  changed_ |= path.starts_with(device_) && path.size() > device_.size();
  if (event.member == "InterfacesAdded") {
    if (path != device_) return;
    const auto& frames = advertising_.heard(event.body[1][device_interface]);
    if (scanning_)
      for (const Bytes& one : frames) ingest.frame(event.stamp, one);
    return;
  }
  const auto removed = [&](std::string_view interface) {
    return std::ranges::any_of(event.body[1].items(),
                               [&](const auto& one) { return one.text() == interface; });
  };
  if (path == adapter_ && removed(adapter_interface))
    lost(event.stamp, "the adapter has gone away", ingest);
  else if (path == device_ && up_ && removed(device_interface))
    lost(event.stamp, "bluetoothd has forgotten the device", ingest);
}

}  // namespace carebench::links
