// A version of the application: what it calls things.
#pragma once

#include <string>

namespace martlet::testing {

struct Version {
  std::string table = "orders";
  std::string amount = "amount";
  std::string also, value;  // another column that it writes when it inserts, and the SQL of its value; "" = none
  std::string reads;        // another query of its readers, which nothing may make fail; "" = none
};

}  // namespace martlet::testing
