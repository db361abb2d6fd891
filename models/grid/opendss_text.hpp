/// An OpenDSS script as commands: verb, properties, and where each of them stands.
///
/// `NAME=VALUE` or a bare VALUE, apart by blanks or commas; values may stand in quotes or brackets; `!` and
/// `//` begin a comment; `~` or `More` goes on with the command before. Case does not matter: names come out
/// in lower case. Errors: BadFeederFile with file:line:column.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "models/grid/feeder.hpp"

namespace model::grid {
std::string lower_case(std::string text);

/// One property of a command. Every reader of its value throws BadFeederFile("place: ...").
struct DssWord {
  std::string name{};   ///< lower case; empty for a bare value
  std::string value{};  ///< without its quotes or brackets
  std::string file{};
  int line = 0, column = 0;

  std::string place() const;
  [[noreturn]] void refuse(const std::string& why) const;
  double number() const;
  /// Above 0.
  double positive() const;
  int whole(int least, int most) const;
  /// yes, true, no, false or their first letters.
  bool yes() const;
  /// The elements of a list, apart by blanks, commas or bars.
  std::vector<std::string> list() const;
  std::vector<double> numbers() const;
  /// A square matrix of `order`, whole or its lower triangle ("[r11 | r21 r22]").
  std::vector<std::vector<double>> matrix(int order) const;
};

struct DssCommand {
  std::vector<DssWord> words;  ///< the first is the verb, or the object of an edit ("Load.x.kW=2")
};

/// The file that a script in `folder` names: with either slash, and whatever its capitals, as where scripts
/// are usually written. What is not there comes back as it was named.
std::filesystem::path dss_file(const std::filesystem::path& folder, std::string name);
/// The commands of one file, in order. Redirections are left to the reader.
std::vector<DssCommand> read_dss(const std::filesystem::path& file);
}  // namespace model::grid
