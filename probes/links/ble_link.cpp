#include "probes/links/ble_link.h"

#include <algorithm>

#include "standards/vocab/text.h"

namespace carebench::links {
namespace {

using Kind = Outcome::Kind;
using Performed = Link::Performed;

constexpr Duration answer_time = seconds(10);  // of calls that bluetoothd answers at once
constexpr Duration look_every = milliseconds(20);
constexpr Duration pause_before_retry = milliseconds(300);
constexpr Duration goodbye_time = seconds(3);  // bluetoothd disconnects within 2.6 s

}  // namespace

BleLink::BleLink(BleTarget target, std::unique_ptr<BleStack> stack, Facts facts, Clock& clock)
    : target_(std::move(target)),
      facts_(std::move(facts)),
      clock_(clock),
      stack_(std::move(stack)) {
  begin_listening();
}

void BleLink::begin_listening() {
  device_ = stack_->device_path(target_.address);
  const std::string& adapter = stack_->adapter().path;
  pairing_ = std::make_unique<BlePairing>(*stack_, device_, target_.address);
  attributes_ = {};
  events_.attach(stack_->shared_bus(), adapter, device_);
  const std::string from = cat("type='signal',sender='", dbus::bluez, "',");
  (void)stack_->bus().watch({
      cat(from, "interface='", dbus::properties_interface, "',path='", adapter, "'"),
      cat(from, "interface='", dbus::properties_interface, "',path_namespace='", device_, "'"),
      cat(from, "interface='", dbus::objects_interface, "',path='/'"),
      cat("type='signal',sender='", dbus::bus_name, "',member='NameOwnerChanged',arg0='",
          dbus::bluez, "'"),
  });
}

void BleLink::close() noexcept {
  if (!stack_) return;
  pairing_->cancel();
  if (events_.is_up()) {
    events_.down();
    (void)on_device("Disconnect", goodbye_time, {});
  }
  stack_->stop_discovery();
}

Result<Performed> BleLink::perform(const Op& op, Duration timeout, std::stop_token stop) {
  const auto needs_link = [&](auto work) -> Result<Performed> {
    if (!events_.is_up())
      return Performed{Kind::lost, "the device is not connected: connect first"};
    return work();
  };
  switch (kind_of(op)) {
    case OpKind::connect:
      return connect(timeout, stop);
    case OpKind::disconnect:
      return disconnect(timeout, stop);
    case OpKind::flush:
      return Performed{};
    case OpKind::discover:
      return needs_link([&] { return discover(stop); });
    case OpKind::status:
      return status(stop);
    case OpKind::read_value:
      return needs_link([&] { return read(std::get<ReadValue>(op), timeout, stop); });
    case OpKind::write_value:
      return needs_link([&] { return write(std::get<WriteValue>(op), timeout, stop); });
    case OpKind::subscribe:
      return needs_link([&] { return subscribe(std::get<Subscribe>(op), timeout, stop); });
    case OpKind::pair:
      return pairing_->begin(std::get<Pair>(op).capability, timeout, stop);
    case OpKind::pair_reply:
      return pairing_->reply(std::get<PairReply>(op), timeout, stop);
    case OpKind::unpair:
      return unpair(timeout, stop);
    case OpKind::scan:
      return scan(std::get<Scan>(op).on, stop);
    default:
      return cannot(op);
  }
}

BleAsking BleLink::asking(BleAsked asked, Duration timeout) const {
  return {asked, target_.address, stack_->adapter().name, timeout};
}

dbus::Answer BleLink::on_device(std::string method, Duration timeout, const std::stop_token& stop) {
  return stack_->bus().call({device_, std::string(device_interface), std::move(method)}, timeout,
                            stop);
}

dbus::Answer BleLink::device_properties(Duration timeout, const std::stop_token& stop,
                                        std::uint64_t mark) {
  const auto call = stack_->bus().begin({device_,
                                         std::string(dbus::properties_interface),
                                         "GetAll",
                                         {dbus::text(device_interface)},
                                         "a{sv}"},
                                        mark);
  const Waited waited = stack_->bus().wait(call, Countdown(timeout), stop);
  dbus::Answer answer = stack_->bus().end(call, mark);
  if (waited == Waited::stopped) answer.kind = dbus::Answer::Kind::stopped;
  return answer;
}

// After the end of the bus, of bluetoothd or of the adapter: as soon as they are back.
Result<void> BleLink::bring_back(const Countdown& countdown, const std::stop_token& stop) {
  while (true) {
    std::optional<Error> why;
    if (stack_->bus().lost()) {
      auto again = BleStack::open(clock_, stack_->adapter().name, target_.exclusive);
      if (again) {
        pairing_.reset();
        stack_ = std::move(*again);
        begin_listening();
      } else {
        why = again.error();
      }
    }
    if (!why) {
      const auto objects = stack_->objects(stop);
      if (objects) {
        const auto adapter = choose_adapter(adapters_of(*objects), stack_->adapter().name);
        if (adapter) return {};
        why = adapter.error();
      } else {
        why = objects.error();
      }
    }
    if (why->code == Errc::interrupted || countdown.over()) return tl::unexpected(*why);
    if (sleep_for(std::min(pause_before_retry, countdown.left()), stop) == Waited::stopped)
      return stopped(cat("waiting for adapter ", stack_->adapter().name));
  }
}

Result<Performed> BleLink::connect(Duration timeout, const std::stop_token& stop) {
  const Countdown countdown(timeout);
  if (events_.is_up()) return Performed{Kind::done, "was connected"};
  if (auto back = bring_back(countdown, stop); !back) return tl::unexpected(back.error());
  std::string before;
  for (int attempt = 1;; ++attempt) {
    bool again = false;
    auto come = try_to_connect(countdown, stop, again);
    if (come && come->kind == Kind::done) {
      if (!before.empty()) come->text = cat("connected at attempt ", attempt, before);
      return come;
    }
    if (come && attempt > 1) come->text += cat("; attempt ", attempt, before);
    if (!again || attempt > target_.retries || countdown.over()) return come;
    before += cat("; attempt ", attempt, ": ", come ? come->text : come.error().message);
    if (sleep_for(std::min(pause_before_retry, countdown.left()), stop) == Waited::stopped)
      return stopped(cat("connecting to ", target_.address));
  }
}

Result<Performed> BleLink::try_to_connect(const Countdown& countdown, const std::stop_token& stop,
                                          bool& again) {
  auto found = find_device(countdown, stop);
  if (!found || found->kind != Kind::done) return found;
  const Duration left = countdown.left();
  const dbus::Answer answer = on_device("Connect", left, stop);
  again = worth_another_try(answer);
  if (answer.done()) return resolve(countdown, stop, again);
  // What is still under way must not end in a connection that nobody knows of.
  if (answer.kind == dbus::Answer::Kind::timed_out || answer.kind == dbus::Answer::Kind::stopped)
    (void)stack_->bus().begin({device_, std::string(device_interface), "Disconnect"});
  return come_of(answer, asking(BleAsked::connect, left));
}

// bluetoothd connects only to what it has heard of.
Result<Performed> BleLink::find_device(const Countdown& countdown, const std::stop_token& stop) {
  const auto known = [&](const dbus::Value& objects) { return !objects[device_].empty(); };
  const auto objects = stack_->objects(stop);
  if (!objects) return tl::unexpected(objects.error());
  if (known(*objects)) return Performed{};
  const Duration left = countdown.left();
  const auto found = stack_->search(left, stop, known);
  if (!found) return tl::unexpected(found.error());
  if (found->found) return Performed{};
  return Performed{Kind::timed_out,
                   cat(target_.address, " did not advertise within ", to_string(left),
                       ": is it awake, near, and free of another connection? Many devices sleep "
                       "after a reading; wake it as its manual says")};
}

// bluetoothd may not signal Connected; its properties are the truth.
Result<Performed> BleLink::resolve(const Countdown& countdown, const std::stop_token& stop,
                                   bool& again) {
  while (true) {
    const dbus::Answer answer = device_properties(answer_time, stop, 0);
    if (!answer.done()) return come_of(answer, asking(BleAsked::connect, answer_time));
    const dbus::Value& properties = answer.values[0];
    if (!properties["Connected"].boolean()) {
      again = true;
      return Performed{Kind::lost,
                       cat("the link dropped while its services were resolved",
                           properties["Paired"].boolean() ? bond_advice : bond_left_advice)};
    }
    if (properties["ServicesResolved"].boolean()) break;
    if (countdown.over()) {
      (void)stack_->bus().begin({device_, std::string(device_interface), "Disconnect"});
      return Performed{Kind::timed_out, "connected, but its services were not resolved in time"};
    }
    if (sleep_for(look_every, stop) == Waited::stopped)
      return stopped(cat("resolving the services of ", target_.address));
  }
  // From this answer on, the end of the link is handed in.
  const dbus::Answer answer = device_properties(answer_time, stop, events_.begin_up());
  if (auto learned = learn(stop); !learned) return tl::unexpected(learned.error());
  if (answer.done() && answer.values[0]["Connected"].boolean()) return Performed{};
  events_.down();
  again = true;
  return Performed{Kind::lost, "the link dropped as soon as it was up"};
}

Result<void> BleLink::learn(const std::stop_token& stop) {
  (void)events_.take_changed();
  const auto objects = stack_->objects(stop);
  if (!objects) return tl::unexpected(objects.error());
  attributes_ = attributes_of(*objects, device_);
  return {};
}

Result<Performed> BleLink::disconnect(Duration timeout, const std::stop_token& stop) {
  events_.down();
  const dbus::Answer answer = on_device("Disconnect", timeout, stop);
  if (answer.kind == dbus::Answer::Kind::lost || answer.error.ends_with(".UnknownObject"))
    return Performed{Kind::done, "was not connected"};
  return come_of(answer, asking(BleAsked::connect, timeout));
}

Result<Performed> BleLink::unpair(Duration timeout, const std::stop_token& stop) {
  pairing_->cancel();
  events_.forgotten();
  const dbus::Answer answer = stack_->bus().call({stack_->adapter().path,
                                                  std::string(adapter_interface),
                                                  "RemoveDevice",
                                                  {dbus::path(device_)}},
                                                 timeout, stop);
  return come_of(answer, asking(BleAsked::remove, timeout));
}

Result<Performed> BleLink::scan(bool on, const std::stop_token& stop) {
  if (!on) {
    events_.scanning(false, {});
    stack_->stop_discovery();
    return Performed{};
  }
  if (auto back = bring_back(Countdown({}), stop); !back) return tl::unexpected(back.error());
  const auto objects = stack_->objects(stop);
  if (!objects) return tl::unexpected(objects.error());
  events_.scanning(true, (*objects)[device_][device_interface]);
  auto started = stack_->start_discovery(stop);
  if (started) return Performed{};
  events_.scanning(false, {});
  return tl::unexpected(started.error());
}

}  // namespace carebench::links
