/// A head-end in virtual time with its HTTP door, scripted concentrators behind it, and programs in front of
/// it.
///
/// The scene owns time. `crash` is a power cut; `start` opens a new head-end on the same store.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "head-end/head_end.hpp"
#include "tests/head-end/talk/scene.hpp"

namespace api_test {
using namespace std::chrono_literals;
using core::Duration;
using core::Instant;
using nlohmann::json;

class ApiScene {
 public:
  explicit ApiScene(headend::Configuration its_configuration = default_configuration());
  ~ApiScene();
  ApiScene(const ApiScene&) = delete;
  ApiScene& operator=(const ApiScene&) = delete;
  /// One concentrator with three meters, prepaid in the head-end.
  static headend::Configuration default_configuration();

  enum class Field { dials, is_silent };
  void start(Field field = Field::dials);
  void run_until(Instant t);
  void run_for(Duration d) { run_until(now() + d); }
  /// Answers whether the condition came to hold.
  bool run_until_holds(Instant t, const std::function<bool()>& condition);
  void crash();
  Instant now() const { return now_; }
  seam::VirtualClock& clock() { return world_->clock(); }
  seam::VirtualWorld& world() { return *world_; }
  seam::VirtualListener& door() { return *door_; }
  headend::HeadEnd& head_end() { return *head_end_; }
  /// The one value of a query of what is committed, as another process would see it.
  std::int64_t committed(const std::string& query) const;

  headend::Configuration configuration;
  std::vector<std::unique_ptr<talk_test::ScriptedConcentrator>> concentrators;

 private:
  void step(Instant t);
  std::filesystem::path folder_;
  Instant now_;
  std::unique_ptr<seam::VirtualWorld> world_;
  std::unique_ptr<seam::VirtualListener> door_;
  std::unique_ptr<headend::HeadEnd> head_end_;
};

struct HeardReply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in small letters
  std::string body;
  Instant at;
  json parsed() const { return json::parse(body); }
};

/// A program that speaks HTTP: says bytes, takes replies apart by its own small parser.
class HttpClient final : public seam::FarEnd {
 public:
  void dial(ApiScene& scene, const std::string& name = "program");
  void say(const std::string& bytes);
  void hang_up() { line_.close(); }
  bool is_connected() const { return line_.is_open(); }
  void head_end_wrote(core::Bytes bytes) override;
  void head_end_closed() override { closed_at = scene_->clock().now(); }

  /// Says it, runs until its reply came (at most ten seconds), and answers with that.
  HeardReply ask(ApiScene& scene, const std::string& request);

  std::vector<HeardReply> replies;
  int continues = 0;         ///< interim replies 100
  bool hears_heads = false;  ///< replies have no bodies: they answer HEAD
  Instant closed_at = core::never;
  std::function<void(const HeardReply&)> on_reply;

 private:
  bool take_reply();
  ApiScene* scene_ = nullptr;
  seam::VirtualField line_;
  std::string heard_;
};

std::string get(const std::string& target, const std::string& more_headers = "");
std::string post(const std::string& target, const std::string& key, const std::string& body);
}  // namespace api_test
