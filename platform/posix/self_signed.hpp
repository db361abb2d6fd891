/// A throw-away TLS identity: a P-256 key and a certificate for "localhost" that it signs itself, good for a
/// day.
///
/// For stress runs and sandboxes, where both ends are ours. Randomness: OpenSSL's (the bytes of TLS are never
/// part of a digest).
#pragma once
#include <filesystem>

#include "platform/posix/tls.hpp"

namespace seam {
/// Writes `certificate.pem` and `key.pem` into `folder`. Throws std::runtime_error with one line.
TlsIdentity make_self_signed(const std::filesystem::path& folder);
}  // namespace seam
