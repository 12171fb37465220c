#define BOOST_TEST_MODULE carebench
#include "tests/support/boost_test.h"
