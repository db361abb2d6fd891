#include "audit/evidence/acknowledged.hpp"

#include <limits>

#include "audit/evidence/packed_readings.hpp"

namespace audit {
namespace {
/// Walks plan and store side by side; counts and words the differences.
class Comparison {
 public:
  Comparison(const AcknowledgedPlan& plan, PackedReadings& stored) : plan_(plan), stored_(stored) {
    reading_ = stored_.next();
  }

  AcknowledgedCount run() {
    for (std::int64_t slot = plan_.first_slot; slot <= plan_.last_slot; ++slot) {
      while (reading_ != nullptr && reading_->slot < slot) take_unasked();
      compare(slot);
    }
    while (reading_ != nullptr) take_unasked();
    count_.doubled = stored_.doubled();
    if (count_.doubled > 0) tell(std::to_string(count_.doubled) + " readings stand in the journal twice");
    if (stored_.disagreeing() > 0) {
      count_.wrong += stored_.disagreeing();
      tell(std::to_string(stored_.disagreeing()) + " readings differ between journal and block");
    }
    return std::move(count_);
  }

 private:
  void compare(std::int64_t slot) {
    for (std::uint32_t meter = 1; meter <= plan_.meters; ++meter) {
      const ExpectedReading expected = plan_.expected(meter, slot);
      count_.acknowledged += expected.expectation == Expectation::must_be_stored ? 1 : 0;
      const bool is_stored =
          reading_ != nullptr && reading_->slot == slot && reading_->meter == std::int64_t{meter};
      if (is_stored) {
        judge_stored(expected);
        reading_ = stored_.next();
      } else if (expected.expectation == Expectation::must_be_stored) {
        ++count_.lost;
        tell(place(meter, slot) + " was confirmed with " + std::to_string(expected.register_centikWh) +
             " and is not stored");
      }
    }
    while (reading_ != nullptr && reading_->slot == slot) take_unasked();
  }

  void judge_stored(const ExpectedReading& expected) {
    if (expected.expectation == Expectation::must_not) {
      ++count_.unasked;
      tell(place(reading_->meter, reading_->slot) + " is stored and was never sent");
    } else if (reading_->register_centikWh != expected.register_centikWh) {
      ++count_.wrong;
      tell(place(reading_->meter, reading_->slot) + " is stored as " +
           std::to_string(reading_->register_centikWh) + ", sent was " +
           std::to_string(expected.register_centikWh));
    } else if (expected.expectation == Expectation::must_be_stored) {
      ++count_.stored_right;
    } else {
      ++count_.stored_unconfirmed;
    }
  }

  void take_unasked() {
    ++count_.unasked;
    tell(place(reading_->meter, reading_->slot) + " is stored and was never sent");
    reading_ = stored_.next();
  }

  static std::string place(std::int64_t meter, std::int64_t slot) {
    return "meter " + std::to_string(meter) + ", slot " + std::to_string(slot);
  }
  void tell(const std::string& sentence) {
    if (count_.first_cases.size() < plan_.cases_max) count_.first_cases.push_back(sentence);
  }

  const AcknowledgedPlan& plan_;
  PackedReadings& stored_;
  const PackedReading* reading_ = nullptr;
  AcknowledgedCount count_;
};
}  // namespace

AcknowledgedCount count_acknowledged(const std::filesystem::path& books_db, const AcknowledgedPlan& plan) {
  sqlite::Database store(books_db, sqlite::Database::Use::read);
  PackedReadings stored(store);
  return Comparison(plan, stored).run();
}
}  // namespace audit
