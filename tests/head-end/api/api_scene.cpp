#include "tests/head-end/api/api_scene.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace api_test {
headend::Configuration ApiScene::default_configuration() {
  return talk_test::make_configuration({.payment = headend::PaymentMode::prepaid_head_end});
}

ApiScene::ApiScene(headend::Configuration its_configuration)
    : configuration(std::move(its_configuration)), now_(configuration.opens) {
  static std::atomic<int> serial{0};
  folder_ = std::filesystem::temp_directory_path() /
            ("metertwin-api-" + std::to_string(::getpid()) + "-" + std::to_string(serial++));
  std::filesystem::create_directories(folder_);
  for (std::size_t i = 0; i < configuration.concentrators.size(); ++i)
    concentrators.push_back(std::make_unique<talk_test::ScriptedConcentrator>(configuration, i));
}

ApiScene::~ApiScene() {
  crash();
  std::filesystem::remove_all(folder_);
}

void ApiScene::start(Field field) {
  world_ = std::make_unique<seam::VirtualWorld>(now_);
  door_ = std::make_unique<seam::VirtualListener>(world_->clock());
  headend::Doors doors(world_->uplinks(), world_->counter());
  doors.http = door_.get();
  doors.version = "1.2.3";
  head_end_ = std::make_unique<headend::HeadEnd>(configuration, folder_ / "books.db", world_->clock(), doors);
  head_end_->start();
  if (field == Field::dials)
    for (auto& concentrator : concentrators) concentrator->dial(*world_);
  world_->clock().settle();
}

void ApiScene::crash() {
  if (door_) door_->close();
  if (world_) world_->kill();
  head_end_.reset();
  door_.reset();
  for (auto& concentrator : concentrators) concentrator->hang_up();
  world_.reset();
}

void ApiScene::step(Instant t) {
  world_->clock().settle();
  Instant next = std::min(t, world_->clock().next_deadline());
  for (auto& concentrator : concentrators) next = std::min(next, concentrator->next());
  next = std::max(next, now_);
  world_->clock().arrive_at(next);
  now_ = next;
  for (auto& concentrator : concentrators) concentrator->advance(next);
  world_->clock().advance_to(next);
}

void ApiScene::run_until(Instant t) {
  while (now_ < t) step(t);
}

bool ApiScene::run_until_holds(Instant t, const std::function<bool()>& condition) {
  world_->clock().settle();
  while (!condition() && now_ < t) step(t);
  return condition();
}

std::int64_t ApiScene::committed(const std::string& query) const {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  std::int64_t value = -1;
  const auto path = (folder_ / "books.db").string();
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(database, query.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return value;
}

void HttpClient::dial(ApiScene& scene, const std::string& name) {
  scene_ = &scene;
  heard_.clear();
  closed_at = core::never;
  line_ = seam::VirtualField(scene.clock(), *this, name);
  scene.door().offer(line_.connect());
}

void HttpClient::say(const std::string& bytes) {
  line_.deliver(core::Bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

void HttpClient::head_end_wrote(core::Bytes bytes) {
  heard_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  while (take_reply()) {
  }
}

bool HttpClient::take_reply() {
  const auto head_end = heard_.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  HeardReply reply;
  reply.status = std::stoi(heard_.substr(9, 3));
  if (reply.status == 100) {
    ++continues;
    heard_.erase(0, head_end + 4);
    return true;
  }
  for (std::size_t at = heard_.find("\r\n") + 2; at < head_end + 2;) {
    const auto end = heard_.find("\r\n", at);
    const auto colon = heard_.find(':', at);
    std::string name = heard_.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    reply.headers[name] = heard_.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  const std::size_t length = hears_heads ? 0 : std::stoul(reply.headers.at("content-length"));
  if (heard_.size() < head_end + 4 + length) return false;
  reply.body = heard_.substr(head_end + 4, length);
  reply.at = scene_->clock().now();
  heard_.erase(0, head_end + 4 + length);
  replies.push_back(reply);
  if (on_reply) on_reply(replies.back());
  return true;
}

HeardReply HttpClient::ask(ApiScene& scene, const std::string& request) {
  if (!is_connected()) dial(scene);
  const auto before = replies.size();
  say(request);
  scene.run_until_holds(scene.now() + 10s, [&] { return replies.size() > before; });
  return replies.size() > before ? replies.back() : HeardReply{};
}

std::string get(const std::string& target, const std::string& more_headers) {
  return "GET " + target + " HTTP/1.1\r\nHost: head-end\r\n" + more_headers + "\r\n";
}

std::string post(const std::string& target, const std::string& key, const std::string& body) {
  return "POST " + target + " HTTP/1.1\r\nHost: head-end\r\nIdempotency-Key: " + key +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}
}  // namespace api_test
