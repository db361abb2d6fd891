#include "platform/spawn.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>

namespace seam {
void spawn(Clock& clock, asio::awaitable<void> work) {
  asio::co_spawn(clock.executor(), std::move(work), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
}
}  // namespace seam
