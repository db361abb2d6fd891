// The verbs of an OpenDSS script: who is made, who is changed, which file comes next.
#include <algorithm>

#include "models/grid/opendss.hpp"

namespace model::grid {
namespace {
constexpr int depth_max = 20;

class Interpreter {
 public:
  DssScript script;

  void run_file(const std::filesystem::path& file, int depth) {
    script.files.push_back(file);
    for (const DssCommand& command : read_dss(file)) run(command, file, depth);
  }

 private:
  void run(const DssCommand& command, const std::filesystem::path& file, int depth) {
    const DssWord& first = command.words.front();
    if (!first.name.empty()) return edit_by_dots(first);
    const std::string verb = lower_case(first.value);
    const std::vector<DssWord> rest(command.words.begin() + 1, command.words.end());
    if (verb == "new") return make(first, rest);
    if (verb == "edit") return change(first, rest);
    if (verb == "batchedit") return change_many(first, rest);
    if (verb == "enable" || verb == "disable") {
      DssWord word = first;
      word.name = "enabled";
      word.value = verb == "enable" ? "yes" : "no";
      return apply(name_word(first, rest), {word});
    }
    if (verb == "clear" || verb == "clearall") {
      auto files = std::move(script.files);
      script = {};
      script.files = std::move(files);
      return;
    }
    if (verb == "set") return set(rest);
    if (verb == "open" || verb == "close") return move_switch(first, rest, verb == "open");
    if (verb == "redirect" || verb == "compile") {
      if (rest.empty()) first.refuse("which file?");
      if (depth == depth_max) first.refuse("redirections go deeper than 20 files: do they lead in a circle?");
      const auto target = dss_file(file.parent_path(), rest.front().value);
      if (!std::filesystem::is_regular_file(target))
        rest.front().refuse(target.string() + ": no such file, or it cannot be read");
      return run_file(target, depth + 1);
    }
    for (const char* passed : {"solve",
                               "calcvoltagebases",
                               "calcv",
                               "buscoords",
                               "latloncoords",
                               "show",
                               "plot",
                               "export",
                               "summary",
                               "visualize",
                               "closedi",
                               "makebuslist",
                               "interpolate",
                               "reset",
                               "sample",
                               "cleanup",
                               "?",
                               "addbusmarker",
                               "clearbusmarkers",
                               "about",
                               "help"})
      if (verb == passed) return;
    first.refuse("command \"" + first.value + "\" is outside the subset that is read");
  }

  void set(const std::vector<DssWord>& words) {
    for (const DssWord& word : words) {
      if (word.name == "loadmult") script.load_multiplier = word.number();
      if (word.name == "defaultbasefrequency" || word.name == "frequency")
        script.frequency_Hz = word.positive();
      if (word.name == "loadmodel" && lower_case(word.value).rfind('p', 0) != 0)
        word.refuse("Set loadmodel=" + word.value + " is outside the subset that is read (powerflow)");
      if (word.name == "datapath") word.refuse("Set datapath is outside the subset that is read");
    }
  }

  /// "Load.House17" as ("load", "house17").
  static std::pair<std::string, std::string> object_of(const DssWord& word) {
    const std::string whole = lower_case(word.value);
    const std::size_t dot = whole.find('.');
    if (dot == std::string::npos || dot + 1 == whole.size())
      word.refuse("\"" + word.value + "\": expected Class.Name");
    return {whole.substr(0, dot), whole.substr(dot + 1)};
  }
  static DssWord name_word(const DssWord& verb, const std::vector<DssWord>& rest) {
    if (rest.empty() || (!rest.front().name.empty() && rest.front().name != "object"))
      verb.refuse("expected Class.Name");
    return rest.front();
  }

  template <class Object>
  static Object* find(std::vector<Object>& objects, const std::string& name) {
    for (Object& object : objects)
      if (lower_case(object.name) == name) return &object;
    return nullptr;
  }

  template <class Object>
  void add(std::vector<Object>& objects, const DssWord& at, const std::string& name,
           const std::vector<DssWord>& properties) {
    if (find(objects, name)) at.refuse(at.value + " is there already");
    Object object{};
    for (const DssWord& word : properties) {
      if (word.name != "like") continue;
      const Object* model = find(objects, lower_case(word.value));
      if (!model) word.refuse("nothing is called \"" + word.value + "\" yet");
      object = *model;
    }
    object.place = at;
    object.name = at.value.substr(at.value.find('.') + 1);
    for (const DssWord& word : properties)
      if (word.name != "like") object.set(word);
    objects.push_back(std::move(object));
  }

  void set_code(DssImpedance& code, const std::vector<DssWord>& words) const {
    for (const DssWord& word : words)
      if (!code.set(word)) word.refuse("property \"" + word.name + "\" of a line code is outside the subset");
  }

  void make(const DssWord& verb, const std::vector<DssWord>& rest) {
    const DssWord at = name_word(verb, rest);
    const auto [kind, name] = object_of(at);
    const std::vector<DssWord> properties(rest.begin() + 1, rest.end());
    if (kind == "circuit") {
      if (script.circuit) at.refuse("a second circuit; only one network at a time is known");
      script.circuit = DssCircuit{};
      script.circuit->place = at;
      for (const DssWord& word : properties) script.circuit->set(word);
    } else if (kind == "linecode") {
      DssImpedance code;
      for (const DssWord& word : properties)
        if (word.name == "like") code = code_named(word);
      std::vector<DssWord> own;
      std::copy_if(properties.begin(), properties.end(), std::back_inserter(own),
                   [](const DssWord& word) { return word.name != "like"; });
      set_code(code, own);
      if (!script.codes.emplace(name, code).second) at.refuse(at.value + " is there already");
    } else if (kind == "line") {
      add(script.lines, at, name, properties);
    } else if (kind == "transformer") {
      add(script.transformers, at, name, properties);
    } else if (kind == "load") {
      add(script.loads, at, name, properties);
    } else if (kind == "generator") {
      add(script.generators, at, name, properties);
    } else if (kind == "capacitor") {
      add(script.capacitors, at, name, properties);
    } else if (kind == "loadshape") {
      add(script.shapes, at, name, properties);
    } else if (kind == "vsource") {
      if (name != "source") at.refuse(at.value + ": a second source; a radial network has one");
      apply(at, properties);
    } else if (!only_watches(kind)) {
      at.refuse("objects of class \"" + kind + "\" are outside the subset that is read");
    }
  }

  /// What measures, and curves that only what is refused would use.
  static bool only_watches(const std::string& kind) {
    for (const char* known : {"monitor", "energymeter", "sensor", "spectrum", "growthshape", "tcc_curve",
                              "xycurve", "tshape", "priceshape"})
      if (kind == known) return true;
    return false;
  }

  /// "Load..*" is every load, "Load.north.*" those whose names begin so, "Load.a" the one.
  void change_many(const DssWord& verb, const std::vector<DssWord>& rest) {
    DssWord at = name_word(verb, rest);
    const auto [kind, pattern] = object_of(at);
    const bool is_open = pattern.size() >= 2 && pattern.compare(pattern.size() - 2, 2, ".*") == 0;
    const std::string beginning = is_open ? pattern.substr(0, pattern.size() - 2) : pattern;
    if (beginning.find_first_of("*[]()|?+^$\\{}") != std::string::npos)
      at.refuse("\"" + at.value + "\": names, or a beginning of names and .*, are all that is read");
    std::vector<std::string> names;
    const auto collect = [&](const auto& objects) {
      for (const auto& object : objects)
        if (const auto name = lower_case(object.name);
            is_open ? name.rfind(beginning, 0) == 0 : name == pattern)
          names.push_back(name);
    };
    if (kind == "line") collect(script.lines);
    if (kind == "load") collect(script.loads);
    if (kind == "transformer") collect(script.transformers);
    if (kind == "generator") collect(script.generators);
    if (kind == "capacitor") collect(script.capacitors);
    if (kind == "loadshape") collect(script.shapes);
    const std::string prefix = kind + ".";
    for (const auto& name : names) {
      at.value = prefix + name;
      apply(at, {rest.begin() + 1, rest.end()});
    }
  }

  const DssImpedance& code_named(const DssWord& word) const {
    const auto found = script.codes.find(lower_case(word.value));
    if (found == script.codes.end()) word.refuse("no line code \"" + word.value + "\"");
    return found->second;
  }

  void change(const DssWord& verb, const std::vector<DssWord>& rest) {
    const DssWord at = name_word(verb, rest);
    apply(at, {rest.begin() + 1, rest.end()});
  }

  void edit_by_dots(const DssWord& word) {
    const std::size_t last = word.name.rfind('.');
    if (last == std::string::npos || word.name.find('.') == last)
      word.refuse("\"" + word.name + "\": expected a command or Class.Name.property");
    DssWord at = word, property = word;
    at.value = word.name.substr(0, last);
    property.name = word.name.substr(last + 1);
    apply(at, {property});
  }

  void apply(const DssWord& at, const std::vector<DssWord>& words) {
    const auto [kind, name] = object_of(at);
    const auto to = [&, &wanted = name](auto& objects) {
      auto* object = find(objects, wanted);
      if (!object) at.refuse("nothing is called \"" + at.value + "\" yet");
      for (const DssWord& word : words) object->set(word);
    };
    if (kind == "line") return to(script.lines);
    if (kind == "transformer") return to(script.transformers);
    if (kind == "load") return to(script.loads);
    if (kind == "generator") return to(script.generators);
    if (kind == "capacitor") return to(script.capacitors);
    if (kind == "loadshape") return to(script.shapes);
    if (kind == "linecode" && script.codes.count(name) > 0) return set_code(script.codes[name], words);
    const bool is_circuit = kind == "circuit" || (kind == "vsource" && name == "source");
    if (!is_circuit || !script.circuit) at.refuse("nothing is called \"" + at.value + "\" yet");
    for (const DssWord& word : words) script.circuit->set(word);
  }

  /// Open Line.x [terminal [phase]].
  void move_switch(const DssWord& verb, const std::vector<DssWord>& rest, bool opens) {
    const DssWord at = name_word(verb, rest);
    const auto [kind, name] = object_of(at);
    DssLine* line = kind == "line" ? find(script.lines, name) : nullptr;
    if (!line) at.refuse("only lines that are there can be opened or closed");
    std::uint8_t phases = four_wires;
    if (rest.size() > 2 && rest[2].whole(0, 4) > 0)
      phases = static_cast<std::uint8_t>(1 << (rest[2].whole(1, 4) - 1));
    line->open = static_cast<std::uint8_t>(opens ? line->open | phases : line->open & ~phases);
  }
};
}  // namespace

DssScript read_dss_script(const std::filesystem::path& file) {
  Interpreter interpreter;
  interpreter.run_file(file, 0);
  for (const DssShape& shape : interpreter.script.shapes)
    interpreter.script.files.insert(interpreter.script.files.end(), shape.files.begin(), shape.files.end());
  return std::move(interpreter.script);
}
}  // namespace model::grid
