/// A whole number of one unit, which does not mix with whole numbers of another.
///
/// `Quantity<Tag, Rep>` adds, subtracts, compares, negates, scales by plain integers; two of one kind divide
/// to a plain integer (truncated). Range: that of `Rep`; overflow is the caller's duty and is caught by UBSan
/// in the debug preset.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <ostream>

namespace core {
template <class Tag, class Rep = std::int64_t>
class Quantity {
 public:
  using rep = Rep;
  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep count) : count_(count) {}
  constexpr Rep count() const { return count_; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator-() const { return Quantity(static_cast<Rep>(-count_)); }
  constexpr Quantity& operator+=(Quantity other) {
    count_ = static_cast<Rep>(count_ + other.count_);
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    count_ = static_cast<Rep>(count_ - other.count_);
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator*(Quantity a, Rep k) { return Quantity(static_cast<Rep>(a.count_ * k)); }
  friend constexpr Quantity operator*(Rep k, Quantity a) { return a * k; }
  friend constexpr Rep operator/(Quantity a, Quantity b) { return static_cast<Rep>(a.count_ / b.count_); }
  friend constexpr Quantity operator/(Quantity a, Rep k) { return Quantity(static_cast<Rep>(a.count_ / k)); }
  friend constexpr Quantity operator%(Quantity a, Quantity b) {
    return Quantity(static_cast<Rep>(a.count_ % b.count_));
  }
  /// For test messages and METERTWIN_CHECK: the bare count; humans get `format.hpp`.
  friend std::ostream& operator<<(std::ostream& out, Quantity q) { return out << q.count_; }

 private:
  Rep count_{};
};
}  // namespace core

template <class Tag, class Rep>
struct std::hash<core::Quantity<Tag, Rep>> {
  std::size_t operator()(core::Quantity<Tag, Rep> q) const noexcept { return std::hash<Rep>{}(q.count()); }
};
