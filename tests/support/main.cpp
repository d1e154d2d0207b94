// The entry point of every Boost.Test executable in this folder.
#define BOOST_TEST_MODULE taskvisor
#include <boost/test/unit_test.hpp>
