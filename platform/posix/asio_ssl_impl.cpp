/// The one place where Asio's TLS code is compiled, as platform/asio_impl.cpp is for the rest: only who
/// speaks TLS links OpenSSL.
#include <utility>  // as in platform/asio_impl.cpp

#include <boost/asio/ssl/impl/src.hpp>
