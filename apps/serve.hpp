/// The reference head-end as a process of its own: doors of TCP, the wall's clock, a store that stays.
///
/// Announces itself by one line of JSON on standard output when all doors are open:
///     {"ready":true,"pid":17,"uplink":40001,"modbus":40002,"counter":40003,"http":40004,"store":"books.db"}
/// Ends on SIGTERM or SIGINT in good order (everything taken is committed and confirmed), at once on a second
/// one. Killed, it goes on from the store when it is started again. Errors: std::runtime_error with one line.
#pragma once
#include <filesystem>
#include <string>

#include "head-end/configuration.hpp"
#include "platform/posix/tls.hpp"

namespace app {
struct ServeOptions {
  std::string address = "127.0.0.1";
  std::uint16_t uplink_port = 0, modbus_port = 0, counter_port = 0, http_port = 0;  ///< 0: a free one
  std::filesystem::path store = "books.db";
  seam::TlsIdentity uplink_identity;  ///< empty: the uplink door is plain TCP
  core::Duration drain_limit = std::chrono::seconds(5);
};
/// Returns when it has been asked to end.
void serve(headend::Configuration configuration, const ServeOptions& options);
}  // namespace app
