/// Plain models on SystemC's time: planned and poked wake-ups, and no trace of the order of construction.
#include "sim/kernel/agenda.hpp"

#include <map>
#include <set>
#include <vector>

#include "core/digest.hpp"
#include "core/random.hpp"
#include "tests/sim/in_child.hpp"

namespace {
using namespace std::chrono_literals;
using core::Instant;

const Instant start = core::instant_from_seconds(1'782'835'200);

/// Acts at the instants it was told, each once, and notes when.
class Diary final : public sim::Advancing {
 public:
  Instant next() const override { return plans.empty() ? core::never : *plans.begin(); }
  void advance(Instant now) override {
    ++advances;
    for (; !plans.empty() && *plans.begin() <= now; plans.erase(plans.begin()))
      log += std::to_string((*plans.begin() - start) / 1s) + "@" + std::to_string((now - start) / 1s) + " ";
  }
  std::multiset<Instant> plans;
  std::string log;
  int advances = 0;
};

TEST_CASE("a model acts when it planned to, and sooner when poked") {
  const auto log = in_child([] {
    sim::Kernel kernel(start);
    Diary diary;
    diary.plans = {start, start + 10s, start + 10s, start + 50s};
    sim::Agenda agenda("diary", kernel, diary);
    kernel.run_until(start + 20s);
    diary.plans.insert(start + 30s);  // input from outside made something due earlier
    agenda.poke();
    kernel.run_until(start + 40s);
    diary.plans.insert(start + 40s);  // ... or due right now
    agenda.poke();
    kernel.run_until(start + 40s);
    diary.log += "| ";
    diary.plans.clear();  // ... or made it needless: the planned wake-up then does nothing
    agenda.poke();
    kernel.run_until(start + 100s);
    diary.plans = {start + 200s};
    agenda.poke();
    kernel.run_until(start + 300s);
    return diary.log + std::to_string(diary.advances);
  });
  CHECK(log == "0@0 10@10 10@10 30@30 40@40 | 200@200 5");
}

/// Draws its own next instants; what it does depends on its number and its draws alone.
class Wanderer final : public sim::Advancing {
 public:
  explicit Wanderer(std::uint32_t number) : random_(42, number, core::Purpose::test) {}
  Instant next() const override { return next_; }
  void advance(Instant now) override {
    digest.add(core::unix_nanoseconds(now));
    next_ = now + std::chrono::milliseconds(random_.between(1, 2000, index_++));
  }
  core::Digest digest;

 private:
  core::RandomStream random_;
  std::uint64_t index_ = 0;
  Instant next_ = start;
};

std::string wander(bool is_reversed) {
  return in_child([is_reversed] {
    constexpr std::uint32_t count = 40;
    sim::Kernel kernel(start);
    std::map<std::uint32_t, std::unique_ptr<Wanderer>> wanderers;
    std::vector<std::unique_ptr<sim::Agenda>> agendas;
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t number = is_reversed ? count - 1 - k : k;
      auto& wanderer = *(wanderers[number] = std::make_unique<Wanderer>(number));
      agendas.push_back(
          std::make_unique<sim::Agenda>(("w" + std::to_string(number)).c_str(), kernel, wanderer));
    }
    kernel.run_until(start + 1h);
    std::string digests;
    for (const auto& [number, wanderer] : wanderers) digests += wanderer->digest.hex() + "\n";
    return digests;
  });
}

TEST_CASE("models made in reverse order do the same") {
  const auto forward = wander(false);
  CHECK(forward.size() == 40 * 17);
  CHECK(forward == wander(true));
}

class Stuck final : public sim::Advancing {
 public:
  Instant next() const override { return start + 1s; }
  void advance(Instant) override {}
};

TEST_CASE("a model that stays due after it advanced is our bug, not an endless loop") {
  const auto outcome = outcome_in_child([] {
    sim::Kernel kernel(start);
    Stuck stuck;
    sim::Agenda agenda("stuck", kernel, stuck);
    kernel.run_until(start + 2s);
    return std::string();
  });
  CHECK(outcome.signal == SIGABRT);
}

TEST_CASE("any object with next() and advance() can be put on SystemC's time") {
  const auto log = in_child([] {
    struct Plain {
      Instant at = start + 5s;
      std::string seen;
      Instant next() const { return at; }
      void advance(Instant now) {
        seen = std::to_string((now - start) / 1s);
        at = core::never;
      }
    } plain;
    sim::Kernel kernel(start);
    sim::AdvancingRef reference(plain);
    sim::Agenda agenda("plain", kernel, reference);
    kernel.run_until(start + 10s);
    return plain.seen;
  });
  CHECK(log == "5");
}
}  // namespace
