#include "models/grid/opendss_text.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "models/grid/csv_table.hpp"

namespace model::grid {
namespace {
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == ','; }

/// Cuts one line into words.
class Line {
 public:
  Line(std::string file, const std::string& text, int number)
      : file_(std::move(file)), text_(text), number_(number) {}

  std::vector<DssWord> words() {
    std::vector<DssWord> found;
    for (skip(); !is_end(); skip()) {
      DssWord word{.file = file_, .line = number_, .column = static_cast<int>(at_) + 1};
      word.value = value(word);
      std::size_t ahead = at_;
      while (ahead < text_.size() && is_blank(text_[ahead]) && text_[ahead] != ',') ++ahead;
      if (ahead < text_.size() && text_[ahead] == '=') {
        at_ = ahead + 1;
        word.name = lower_case(word.value);
        skip();
        word.column = static_cast<int>(at_) + 1;
        word.value = is_end() ? "" : value(word);
      }
      found.push_back(std::move(word));
    }
    return found;
  }

 private:
  bool is_end() const { return at_ >= text_.size() || text_[at_] == '!' || text_.compare(at_, 2, "//") == 0; }
  void skip() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  std::string value(const DssWord& word) {
    constexpr std::string_view opening = "\"'([{", closing = "\"')]}";
    const std::size_t kind = opening.find(text_[at_]);
    if (kind != std::string_view::npos) {
      const std::size_t end = text_.find(closing[kind], at_ + 1);
      if (end == std::string::npos) word.refuse(std::string("no closing ") + closing[kind]);
      const std::string inside = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return inside;
    }
    const std::size_t from = at_;
    while (!is_end() && !is_blank(text_[at_]) && text_[at_] != '=') ++at_;
    if (at_ == from) word.refuse("a name is missing before =");
    return text_.substr(from, at_ - from);
  }

  std::string file_;
  const std::string& text_;
  int number_;
  std::size_t at_ = 0;
};
}  // namespace

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string DssWord::place() const {
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}
void DssWord::refuse(const std::string& why) const { throw BadFeederFile(place() + ": " + why); }

double DssWord::number() const {
  double read = 0;
  const std::string digits = !value.empty() && value.front() == '+' ? value.substr(1) : value;
  if (!parse_number(digits, read) || !std::isfinite(read)) refuse("\"" + value + "\" is not a number");
  return read;
}
double DssWord::positive() const {
  const double read = number();
  if (!(read > 0)) refuse(name + " must lie above 0, not be " + value);
  return read;
}
int DssWord::whole(int least, int most) const {
  const double read = number();
  if (read < least || read > most || read != std::floor(read))
    refuse(name + " is a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
           ", not " + value);
  return static_cast<int>(read);
}
bool DssWord::yes() const {
  const std::string word = lower_case(value);
  const auto begins = [&](const std::string& whole) { return !word.empty() && whole.rfind(word, 0) == 0; };
  if (begins("yes") || begins("true")) return true;
  if (begins("no") || begins("false")) return false;
  refuse("expected yes or no, not \"" + value + "\"");
}

std::vector<std::string> DssWord::list() const {
  std::vector<std::string> elements(1);
  for (const char c : value) {
    if (is_blank(c) || c == '|') {
      if (!elements.back().empty()) elements.emplace_back();
    } else {
      elements.back() += c;
    }
  }
  if (elements.back().empty()) elements.pop_back();
  return elements;
}

std::vector<double> DssWord::numbers() const {
  std::vector<double> read;
  for (const std::string& element : list()) {
    DssWord one = *this;
    one.value = element;
    read.push_back(one.number());
  }
  return read;
}

std::vector<std::vector<double>> DssWord::matrix(int order) const {
  const std::vector<double> cells = numbers();
  const auto n = static_cast<std::size_t>(order);
  const bool is_whole = cells.size() == n * n;
  if (!is_whole && cells.size() != n * (n + 1) / 2)
    refuse(name + ": expected a matrix of " + std::to_string(order) + " rows or its lower triangle, found " +
           std::to_string(cells.size()) + " numbers");
  std::vector<std::vector<double>> read(n, std::vector<double>(n));
  for (std::size_t row = 0, next = 0; row < n; ++row) {
    for (std::size_t across = 0; across < (is_whole ? n : row + 1); ++across) {
      read[row][across] = cells[next++];
      if (!is_whole) read[across][row] = read[row][across];
    }
  }
  return read;
}

std::filesystem::path dss_file(const std::filesystem::path& folder, std::string name) {
  std::replace(name.begin(), name.end(), '\\', '/');
  const auto path = folder / name;
  std::error_code error;
  if (std::filesystem::exists(path, error)) return path;
  std::vector<std::filesystem::path> alike;
  const auto beside = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  for (auto it = std::filesystem::directory_iterator(beside, error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error))
    if (lower_case(it->path().filename().string()) == lower_case(path.filename().string()))
      alike.push_back(it->path());
  return alike.empty() ? path : *std::min_element(alike.begin(), alike.end());
}

std::vector<DssCommand> read_dss(const std::filesystem::path& file) {
  const std::string name = file.string();
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file))
    throw BadFeederFile(name + ": no such file, or it cannot be read");
  std::vector<DssCommand> commands;
  std::string text;
  bool is_comment = false;
  for (int number = 1; std::getline(in, text); ++number) {
    if (number == 1 && text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);  // a byte order mark
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    if (text.compare(first, 2, "/*") == 0) is_comment = true;
    if (is_comment) {
      if (text.find("*/") != std::string::npos) is_comment = false;
      continue;
    }
    const bool is_tilde = text[first] == '~';
    if (is_tilde) text[first] = ' ';
    std::vector<DssWord> words = Line(name, text, number).words();
    if (words.empty()) continue;
    const std::string verb = lower_case(words.front().value);
    const bool is_more = words.front().name.empty() && (verb == "more" || verb == "m");
    if (!is_tilde && !is_more) {
      commands.push_back({std::move(words)});
      continue;
    }
    if (commands.empty()) words.front().refuse("nothing stands before this continuation");
    auto& before = commands.back().words;
    before.insert(before.end(), words.begin() + (is_more ? 1 : 0), words.end());
  }
  return commands;
}
}  // namespace model::grid
