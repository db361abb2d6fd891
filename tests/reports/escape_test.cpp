// No text breaks out of its clothes.
#include "reports/escape.hpp"

#include <catch2/catch.hpp>

#include "core/random.hpp"

TEST_CASE("markup is escaped in content and attributes") {
  CHECK(report::escaped("<b a=\"1\" b='2'>&amp;") == "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp;");
  CHECK(report::escaped("台区 north") == "台区 north");
}

TEST_CASE("what is no character becomes the replacement character") {
  CHECK(report::clean_utf8("a\x01z") == "a\xEF\xBF\xBDz");
  CHECK(report::clean_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(report::clean_utf8("caf\xE9") == "caf\xEF\xBF\xBD");
  CHECK(report::clean_utf8("\xED\xA0\x80").find('\xED') == std::string::npos);
  CHECK(report::clean_utf8("a\tb\nc") == "a\tb\nc");
}

TEST_CASE("JSON cannot end the script that it stands in") {
  CHECK(report::json_for_script("{\"a\":\"</script><!--\"}") == "{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

TEST_CASE("wide characters take two columns, and a cut never halves one") {
  CHECK(report::columns_of("台区") == 4);
  CHECK(report::cut_to("台区台区", 5) == "台区\u2026");
  CHECK(report::cut_to("台区台区", 4) == "台\u2026");
  CHECK(report::cut_to("short", 5) == "short");
  CHECK(report::cut_to("two\nlines", 20) == "two lines");
  CHECK(report::padded("台", 4) == "台  ");
}

TEST_CASE("random bytes are cleaned to text that cleaning leaves alone") {
  constexpr std::uint64_t seed = 11;
  const core::RandomStream draw(seed, 3, core::Purpose::test);
  for (std::uint64_t round = 0; round < 2'000; ++round) {
    std::string bytes;
    for (std::uint64_t i = 0; i < draw.below(40, round); ++i)
      bytes += static_cast<char>(draw.below(256, 10'000 + round * 64 + i));
    INFO("seed " << seed << ", round " << round);
    const auto clean = report::clean_utf8(bytes);
    CHECK(report::clean_utf8(clean) == clean);
    CHECK(report::columns_of(report::cut_to(bytes, 10)) <= 10);
  }
}
