#include "head-end/store/command_table.hpp"

#include <fmt/format.h>

#include <array>

#include "core/check.hpp"

namespace headend {
namespace {
constexpr std::array<const char*, 5> kind_names{"trip", "close", "keep_power", "release_keep_power",
                                                "recharge"};
constexpr std::array<const char*, 5> state_names{"wanted", "sent", "done", "failed", "given_up"};

template <class Enum, std::size_t count>
Enum enum_of(const std::array<const char*, count>& names, const std::string& name) {
  for (std::size_t i = 0; i < count; ++i) {
    if (name == names[i]) return static_cast<Enum>(i);
  }
  throw StoreFailure("the store holds an unknown word: " + name);
}

constexpr const char* command_columns =
    "SELECT id, meter, kind, state, wanted_at_ns, attempts, amount_fen, purchase_count, reason";

/// Range: a row of `command_columns`.
Command command_here(const Statement& row) {
  Command command;
  command.id = row.integer(0);
  command.meter = static_cast<MeterId>(row.integer(1));
  command.kind = enum_of<CommandKind>(kind_names, row.text(2));
  command.state = enum_of<CommandState>(state_names, row.text(3));
  command.wanted_at = Instant(Duration(row.integer(4)));
  command.attempts = static_cast<int>(row.integer(5));
  command.amount = Fen(row.integer(6));
  command.purchase_count = static_cast<std::uint32_t>(row.integer(7));
  command.reason = row.text(8);
  return command;
}

std::optional<Instant> instant_here(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Instant(Duration(row.integer(column)));
}
}  // namespace

const char* name_of(CommandKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
const char* name_of(CommandState state) { return state_names[static_cast<std::size_t>(state)]; }

CommandTable::CommandTable(Database& database, const Configuration& configuration)
    : database_(database),
      concentrator_of_(configuration.meters.size() + 1),
      meters_with_open_(configuration.concentrators.size() + 1),
      add_(database,
           "INSERT INTO command(id, meter, kind, state, wanted_at_ns, attempts, amount_fen, purchase_count, "
           "reason, detail, "
           "idempotency_key) VALUES(?,?,?,'wanted',?,0,?,?,?,'',?)"),
      by_key_(database, "SELECT id FROM command WHERE idempotency_key = ?"),
      by_id_(database, fmt::format("{}, sent_at_ns, finished_at_ns, detail FROM command WHERE id = ?",
                                   command_columns)),
      sent_(database, "UPDATE command SET state = 'sent', sent_at_ns = ?, attempts = ? WHERE id = ?"),
      close_(database, "UPDATE command SET state = ?, detail = ?, finished_at_ns = ? WHERE id = ?"),
      late_(database, "UPDATE command SET detail = detail || '; late answer: ' || ? WHERE id = ?"),
      renumber_(database, "UPDATE command SET purchase_count = ? WHERE id = ?"),
      last_count_(database,
                  "SELECT coalesce(max(purchase_count), 0) FROM command "
                  "WHERE meter = ? AND kind = 'recharge' AND state = 'done'"),
      last_id_(database.integer("SELECT coalesce(max(id), 0) FROM command")) {
  for (const auto& meter : configuration.meters) concentrator_of_[meter.id] = meter.concentrator;
  Statement open(database,
                 fmt::format("{} FROM command WHERE finished_at_ns IS NULL ORDER BY id", command_columns));
  while (open.next()) hold(command_here(open), /*is_visible=*/true);
}

void CommandTable::hold(const Command& command, bool is_visible) {
  open_[command.id] = {command, is_visible};
  by_meter_[command.meter].insert(command.id);
  meters_with_open_.at(concentrator_of_.at(command.meter)).insert(command.meter);
  if (!is_visible) unpublished_.push_back(command.id);
}

std::int64_t CommandTable::add(const Wish& wish, Instant now) {
  database_.begin();
  Command command;
  command.id = ++last_id_;
  command.meter = wish.meter;
  command.kind = wish.kind;
  command.wanted_at = now;
  command.amount = wish.amount;
  command.purchase_count = wish.purchase_count;
  command.reason = wish.reason;
  add_.bind(command.id, command.meter, name_of(command.kind), now, command.amount, command.purchase_count,
            command.reason, wish.idempotency_key)
      .run();
  hold(command, /*is_visible=*/false);
  return command.id;
}

std::optional<std::int64_t> CommandTable::find_by_key(const std::string& idempotency_key) {
  by_key_.bind(idempotency_key);
  if (!by_key_.next()) return std::nullopt;
  const std::int64_t id = by_key_.integer(0);
  by_key_.reset();
  return id;
}

std::optional<CommandFacts> CommandTable::find(std::int64_t id) {
  by_id_.bind(id);
  if (!by_id_.next()) return std::nullopt;
  CommandFacts facts{command_here(by_id_), instant_here(by_id_, 9), instant_here(by_id_, 10),
                     by_id_.text(11)};
  by_id_.reset();
  return facts;
}

const Command* CommandTable::find_open(std::int64_t id) const {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second.command;
}

std::vector<Command> CommandTable::open_of(MeterId meter) const {
  std::vector<Command> commands;
  const auto found = by_meter_.find(meter);
  if (found == by_meter_.end()) return commands;
  for (const auto id : found->second) commands.push_back(open_.at(id).command);
  return commands;
}

std::vector<Command> CommandTable::visible_for(ConcentratorId concentrator) const {
  std::set<std::int64_t> oldest_of_meters;
  for (const auto meter : meters_with_open_.at(concentrator)) {
    const std::int64_t oldest = *by_meter_.at(meter).begin();
    if (open_.at(oldest).is_visible) oldest_of_meters.insert(oldest);
  }
  std::vector<Command> commands;
  commands.reserve(oldest_of_meters.size());
  for (const auto id : oldest_of_meters) commands.push_back(open_.at(id).command);
  return commands;
}

void CommandTable::mark_sent(std::int64_t id, Instant now) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;  // superseded between being handed out and being sent
  Command& command = found->second.command;
  command.state = CommandState::sent;
  ++command.attempts;
  database_.begin();
  sent_.bind(now, command.attempts, id).run();
}

void CommandTable::close(std::int64_t id, CommandState state, const std::string& detail, Instant now) {
  const auto found = open_.find(id);
  METERTWIN_CHECK(found != open_.end(), id);
  const MeterId meter = found->second.command.meter;
  database_.begin();
  close_.bind(name_of(state), detail, now, id).run();
  open_.erase(found);
  auto& of_meter = by_meter_[meter];
  of_meter.erase(id);
  if (of_meter.empty()) {
    by_meter_.erase(meter);
    meters_with_open_[concentrator_of_[meter]].erase(meter);
  }
}

void CommandTable::note_late_answer(std::int64_t id, const std::string& detail) {
  database_.begin();
  late_.bind(detail, id).run();
}

void CommandTable::set_purchase_count(std::int64_t id, std::uint32_t count) {
  open_.at(id).command.purchase_count = count;
  database_.begin();
  renumber_.bind(count, id).run();
}

std::uint32_t CommandTable::last_purchase_count(MeterId meter) {
  last_count_.bind(meter);
  const std::uint32_t count = last_count_.next() ? static_cast<std::uint32_t>(last_count_.integer(0)) : 0;
  last_count_.reset();
  return count;
}

void CommandTable::publish() {
  for (const auto id : unpublished_) {
    const auto found = open_.find(id);
    if (found == open_.end()) continue;
    found->second.is_visible = true;
    news_.push_back(concentrator_of_[found->second.command.meter]);
  }
  unpublished_.clear();
}
}  // namespace headend
