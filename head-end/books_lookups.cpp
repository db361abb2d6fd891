// What was booked or ordered, for those who ask again: by idempotency key or by number.
#include <utility>

#include "head-end/books_state.hpp"

namespace headend {
core::Result<SaleFacts> Books::sale_of_key(const std::string& key) const {
  auto& find = state_->find_sale_facts;
  find.bind(key);
  if (!find.next()) return core::Fault::no_data;
  const SaleFacts facts{find.integer(0), static_cast<AccountId>(find.integer(1)), Fen(find.integer(2))};
  find.reset();
  return facts;
}

core::Result<CommandFacts> Books::command_of_key(const std::string& key) const {
  const auto id = state_->commands.find_by_key(key);
  if (!id) return core::Fault::no_data;
  return command(*id);
}

core::Result<CommandFacts> Books::command(std::int64_t id) const {
  auto facts = state_->commands.find(id);
  if (!facts) return core::Fault::no_data;
  return std::move(*facts);
}

bool Books::is_command_open(std::int64_t id) const { return state_->commands.find_open(id) != nullptr; }
}  // namespace headend
