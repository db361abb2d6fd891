/// A head-end in a process of its own: `metertwin serve`, started, killed and started again by a stress run.
///
/// The child is this very program, unless told otherwise. It keeps its ports over its lives, so that
/// collectors find it again. It ends with us: the destructor kills what still runs. Errors:
/// std::runtime_error with one line when it cannot be started or says why it ended.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace app {
struct HeadEndPorts {
  std::uint16_t uplink = 0, modbus = 0, counter = 0, http = 0;
};

class HeadEndProcess {
 public:
  /// `arguments`: those of `metertwin serve`, without ports. `program`: another one that understands `serve`;
  /// empty: this one.
  explicit HeadEndProcess(std::vector<std::string> arguments, const std::filesystem::path& program = {})
      : arguments_(std::move(arguments)), program_(program.empty() ? "/proc/self/exe" : program.string()) {}
  ~HeadEndProcess();
  HeadEndProcess(const HeadEndProcess&) = delete;
  HeadEndProcess& operator=(const HeadEndProcess&) = delete;

  /// Returns at once; `is_ready` tells when its doors are open.
  void start();
  /// Looks whether it has announced itself; never waits.
  bool is_ready();
  /// Waits for the announcement. False when `patience` ended or the process did.
  bool wait_ready(std::chrono::milliseconds patience);
  /// As a power cut does it to a process: no last words (SIGKILL). Returns when it is gone.
  void kill();
  /// Asks it to end in good order (SIGTERM) and waits. Its exit code; -1 when it had to be killed after
  /// `patience`.
  int end(std::chrono::seconds patience);
  bool is_running();
  pid_t pid() const { return pid_; }
  const HeadEndPorts& ports() const { return ports_; }

 private:
  void read_announcement();
  void close_pipe();

  std::vector<std::string> arguments_;
  std::string program_;
  HeadEndPorts ports_;
  pid_t pid_ = 0;
  int pipe_ = -1;
  int exit_code_ = 0;
  std::string heard_;
  bool is_ready_ = false;
};
}  // namespace app
