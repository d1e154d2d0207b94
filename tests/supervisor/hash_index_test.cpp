#include "hash_index.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <vector>

using taskvisor::detail::hash_index;
using taskvisor::detail::index_link;

namespace {

struct item {
  explicit item(int k) : key(k) {}

  int key;
  index_link<item> link;
};

using table = hash_index<item, &item::link>;

item* find(const table& in, std::size_t hash, int key) {
  return in.find(hash, [key](const item& x) { return x.key == key; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(hash_index_)

BOOST_AUTO_TEST_CASE(it_finds_what_a_map_finds) {
  std::mt19937_64 random{7};
  // With few hashes, most elements share theirs with others.
  for (std::size_t hashes : {1u, 7u, 100'000u}) {
    table in;
    std::map<int, std::unique_ptr<item>> expected;
    for (int i = 0; i < 20'000; ++i) {
      auto key = static_cast<int>(random() % 300);
      auto hash = static_cast<std::size_t>(key) % hashes;
      auto there = expected.find(key);
      auto* wanted = there == expected.end() ? nullptr : there->second.get();
      BOOST_TEST_REQUIRE(find(in, hash, key) == wanted);
      if (wanted != nullptr) {
        in.erase(*wanted);
        expected.erase(there);
      } else {
        auto added = std::make_unique<item>(key);
        in.insert(hash, *added);
        expected.emplace(key, std::move(added));
      }
      BOOST_TEST_REQUIRE(in.size() == expected.size());
    }
  }
}

BOOST_AUTO_TEST_CASE(each_element_is_visited_once_and_may_end_meanwhile) {
  table in;
  for (int i = 0; i < 1000; ++i)
    in.insert(static_cast<std::size_t>(i % 10), *new item{i});
  std::vector<int> seen(1000);
  in.for_each([&](item& x) {
    ++seen[static_cast<std::size_t>(x.key)];
    delete &x;
  });
  BOOST_TEST(seen == std::vector<int>(1000, 1),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
