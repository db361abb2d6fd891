#include "platform/posix/self_signed.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace seam {
namespace {
constexpr long day_s = 86'400;

template <class T, void (*release)(T*)>
struct Releaser {
  void operator()(T* held) const { release(held); }
};
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releaser<X509, X509_free>>;
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

void need(bool is_good, const char* what) {
  if (!is_good) throw std::runtime_error(std::string("cannot make a TLS identity: ") + what);
}

std::unique_ptr<std::FILE, CloseFile> create(const std::filesystem::path& path) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "w"));
  need(file != nullptr, path.c_str());
  return file;
}
}  // namespace

TlsIdentity make_self_signed(const std::filesystem::path& folder) {
  const Key key(EVP_EC_gen("P-256"));
  need(key != nullptr, "key");
  const Certificate certificate(X509_new());
  need(certificate != nullptr, "certificate");
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -day_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), day_s);
  need(X509_set_pubkey(certificate.get(), key.get()) == 1, "public key");
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto* const host = reinterpret_cast<const unsigned char*>("localhost");
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0) == 1, "name");
  need(X509_set_issuer_name(certificate.get(), name) == 1, "issuer");
  need(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "signature");
  const TlsIdentity identity{folder / "certificate.pem", folder / "key.pem"};
  const auto certificate_file = create(identity.certificate_file);
  need(PEM_write_X509(certificate_file.get(), certificate.get()) == 1, "certificate file");
  const auto key_file = create(identity.key_file);
  need(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "key file");
  return identity;
}
}  // namespace seam
