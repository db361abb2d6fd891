/// Commands to meters, from wish to outcome: all in the store, the open ones also in memory.
///
/// A command becomes visible to the talk with `publish()`, i.e. after the commit that made its reason
/// durable. Time and errors as in `Books`.
#pragma once
#include <map>
#include <set>

#include "head-end/store/store_database.hpp"

namespace headend {
class CommandTable {
 public:
  /// Takes up the open commands of the store, visible at once.
  CommandTable(Database& database, const Configuration& configuration);

  struct Wish {
    MeterId meter = 0;
    CommandKind kind = CommandKind::trip;
    std::string reason;
    Fen amount{0};
    std::uint32_t purchase_count = 0;
    std::optional<std::string> idempotency_key;
  };
  std::int64_t add(const Wish& wish, Instant now);
  std::optional<std::int64_t> find_by_key(const std::string& idempotency_key);
  /// Open or closed; nothing for an unknown number.
  std::optional<CommandFacts> find(std::int64_t id);
  /// Null once it is closed.
  const Command* find_open(std::int64_t id) const;
  std::vector<Command> open_of(MeterId meter) const;
  std::vector<Command> visible_for(ConcentratorId concentrator) const;
  void mark_sent(std::int64_t id, Instant now);
  /// Closes it. Range: open.
  void close(std::int64_t id, CommandState state, const std::string& detail, Instant now);
  /// An answer that came after the command was closed is kept as its detail.
  void note_late_answer(std::int64_t id, const std::string& detail);
  void set_purchase_count(std::int64_t id, std::uint32_t count);
  /// prepaid_meter: the greatest count known to be credited.
  std::uint32_t last_purchase_count(MeterId meter);
  void publish();
  /// Concentrators for which `publish` has shown something since the last call; may name one twice.
  std::vector<ConcentratorId> take_news() { return std::exchange(news_, {}); }

 private:
  struct Open {
    Command command;
    bool is_visible = false;
  };
  Database& database_;
  std::vector<ConcentratorId> concentrator_of_;  // by meter
  std::map<std::int64_t, Open> open_;
  std::map<MeterId, std::set<std::int64_t>> by_meter_;
  std::vector<std::set<MeterId>> meters_with_open_;  // by concentrator
  std::vector<std::int64_t> unpublished_;
  std::vector<ConcentratorId> news_;
  Statement add_, by_key_, by_id_, sent_, close_, late_, renumber_, last_count_;
  std::int64_t last_id_;
  void hold(const Command& command, bool is_visible);
};

const char* name_of(CommandKind kind);
const char* name_of(CommandState state);
constexpr bool is_relay_command(CommandKind kind) { return kind != CommandKind::recharge; }
}  // namespace headend
