#include "scenarios/save.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "scenarios/fields.hpp"
#include "scenarios/text.hpp"

namespace scenario {
namespace {
/// Words that some YAML reader takes for a truth value or nothing.
bool is_reserved(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  static const std::set<std::string> words{"y",    "n",     "yes",  "no",  "on", "off",
                                           "true", "false", "null", "nan", "inf"};
  return words.contains(text);
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02X", byte);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string yaml_text(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '/' || c == '.';
  };
  const bool starts_with_letter =
      !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
  return starts_with_letter && !is_reserved(text) && std::all_of(text.begin(), text.end(), is_plain)
             ? text
             : quoted(text);
}

/// Writes one struct as the lines of a block, indented; a list item's first line is led by "- ".
class Saver {
 public:
  Saver(const core::Zone& zone, std::set<std::string>& explained, std::string& out)
      : zone_(zone), explained_(explained), out_(out) {}

  template <class Struct>
  void block(const Struct& value, int indent, bool is_item) {
    Saver inner(zone_, explained_, out_);
    inner.indent_ = indent;
    inner.is_item_ = is_item;
    inner.scope_ = scope_;
    describe(inner, value);
  }

  template <class T>
  void field(const char* key, const T& member, const char* meaning, Rule = {}) {
    std::string lead(static_cast<std::size_t>(indent_), ' ');
    if (is_item_) lead.replace(lead.size() - 2, 2, "- ");
    is_item_ = false;
    lead += key;
    lead += ':';
    const auto outer = scope_;
    scope_ += "." + std::string(key);
    const std::string comment = explained_.insert(scope_).second ? meaning : "";
    value(lead, member, comment);
    scope_ = outer;
  }

 private:
  void line(const std::string& text, const std::string& comment) {
    constexpr std::size_t comment_column = 44;
    out_ += text;
    if (!comment.empty()) {
      out_.append(text.size() + 2 < comment_column ? comment_column - text.size() : 2, ' ');
      out_ += "# " + comment;
    }
    out_ += '\n';
  }

  template <class T>
  std::string scalar(const T& member) const {
    if constexpr (std::is_enum_v<T>)
      return Words<T>::all.at(static_cast<std::size_t>(member));
    else if constexpr (std::same_as<T, std::string>)
      return yaml_text(member);
    else if constexpr (std::same_as<T, Instant> || std::same_as<T, DaySlot>)
      return quoted(Text<T>::format(member, zone_));
    else
      return Text<T>::format(member, zone_);
  }

  template <class T>
  requires(std::is_enum_v<T> || requires {
    Text<T>::what();
  }) void value(const std::string& lead, const T& member, const std::string& comment) {
    line(lead + " " + scalar(member), comment);
  }

  template <class T>
  void value(const std::string& lead, const std::optional<T>& member, const std::string& comment) {
    line(lead + " " + (member ? scalar(*member) : "none"), comment);
  }

  template <class T>
  void value(const std::string& lead, const std::vector<T>& list, const std::string& comment) {
    if constexpr (requires { Text<T>::what(); }) {
      std::string text;
      for (const auto& item : list) text += (text.empty() ? "" : ", ") + scalar(item);
      line(lead + " [" + text + "]", comment);
    } else {
      line(list.empty() ? lead + " []" : lead, comment);
      for (const auto& item : list) block(item, indent_ + 4, true);
    }
  }

  template <class T>
  requires(!std::is_enum_v<T> && !requires {
    Text<T>::what();
  }) void value(const std::string& lead, const T& member, const std::string& comment) {
    line(lead, comment);
    block(member, indent_ + 2, false);
  }

  const core::Zone& zone_;
  std::set<std::string>& explained_;
  std::string& out_;
  std::string scope_;
  int indent_ = 0;
  bool is_item_ = false;
};
}  // namespace

std::string to_yaml(const Scenario& scenario) {
  std::string out = "# The complete scenario as it ran, every default written out.\n";
  std::set<std::string> explained;
  Saver(scenario.zone_rules, explained, out).block(scenario, 0, false);
  return out;
}
}  // namespace scenario
