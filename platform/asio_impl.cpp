/// The one place where Asio's own code is compiled (BOOST_ASIO_SEPARATE_COMPILATION); everybody else sees
/// declarations.
#include <utility>  // Boost 1.81's awaitable.hpp uses std::exchange without including it

#include <boost/asio/impl/src.hpp>
