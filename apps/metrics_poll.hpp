/// Fetches GET /metrics of a head-end regularly in a thread of its own, so that nobody who paces traffic
/// waits for it.
///
/// Errors: a head-end that does not answer within half a second gives an empty text. Time: the operating
/// system's.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace app {
class MetricsPoll {
 public:
  MetricsPoll(std::uint16_t http_port, std::chrono::milliseconds every);
  ~MetricsPoll();
  MetricsPoll(const MetricsPoll&) = delete;
  MetricsPoll& operator=(const MetricsPoll&) = delete;
  /// The latest text, once: empty when there is no new one.
  std::string take();

 private:
  void run();

  std::uint16_t port_;
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::string text_;
  bool is_ending_ = false;
  std::thread thread_;
};

/// One request with its own connection, closed by the server. The body; empty on any trouble.
std::string http_get(std::uint16_t port, const std::string& path, int timeout_ms);
}  // namespace app
