#include "apps/head_end_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace app {
namespace {
int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }
}  // namespace

HeadEndProcess::~HeadEndProcess() {
  if (pid_ != 0) kill();
}

void HeadEndProcess::start() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the head-end process");
  std::vector<std::string> words{"metertwin", "serve"};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  const auto port = [&](const char* option, std::uint16_t number) {
    words.insert(words.end(), {option, std::to_string(number)});
  };
  port("--uplink-port", ports_.uplink);
  port("--modbus-port", ports_.modbus);
  port("--counter-port", ports_.counter);
  port("--http-port", ports_.http);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("no process for the head-end");
  if (pid_ == 0) {
    // Only async-signal-safe calls from here to exec: the parent may have threads.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(ends[1], STDOUT_FILENO);
    execv(program_.c_str(), argv.data());
    _exit(127);
  }
  close(ends[1]);
  pipe_ = ends[0];
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
  heard_.clear();
  is_ready_ = false;
}

void HeadEndProcess::read_announcement() {
  char buffer[512];
  for (ssize_t count; (count = read(pipe_, buffer, sizeof buffer)) > 0;)
    heard_.append(buffer, static_cast<std::size_t>(count));
  const auto end = heard_.find('\n');
  if (is_ready_ || end == std::string::npos) return;
  const auto ready = nlohmann::json::parse(heard_.substr(0, end));
  ports_ = {ready.at("uplink"), ready.at("modbus"), ready.at("counter"), ready.at("http")};
  is_ready_ = true;
}

bool HeadEndProcess::is_ready() {
  if (!is_ready_ && pipe_ >= 0) read_announcement();
  return is_ready_;
}

bool HeadEndProcess::wait_ready(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!is_ready() && is_running()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{pipe_, POLLIN, 0};
    poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 100)));
  }
  return is_ready_;
}

bool HeadEndProcess::is_running() {
  if (pid_ == 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_code_ = exit_code_of(status);
  pid_ = 0;
  close_pipe();
  return false;
}

void HeadEndProcess::close_pipe() {
  if (pipe_ >= 0) close(pipe_);
  pipe_ = -1;
}

void HeadEndProcess::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = exit_code_of(status);
  pid_ = 0;
  close_pipe();
}

int HeadEndProcess::end(std::chrono::seconds patience) {
  if (!is_running()) return exit_code_;
  ::kill(pid_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (is_running()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      kill();
      return -1;
    }
    pollfd waiting{pipe_, 0, 0};
    poll(&waiting, 1, 20);
  }
  return exit_code_;
}
}  // namespace app
