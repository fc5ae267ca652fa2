#include "db/postgres/environment.h"

#include <memory>

#include "db/postgres/libpq.h"
#include "db/postgres/options.h"

namespace martlet::postgres {

std::map<std::string, std::string> child_environment(const Url& url) {
  const auto free_options = [](PQconninfoOption* options) { PQconninfoFree(options); };
  const std::unique_ptr<PQconninfoOption, decltype(free_options)> known(PQconndefaults(), free_options);
  const auto given = url_options(url.text());
  std::map<std::string, std::string> environment;
  for (const PQconninfoOption* option = known.get(); option && option->keyword; ++option) {
    const auto value = given.find(option->keyword);
    if (value != given.end() && option->envvar) environment[option->envvar] = value->second;
  }
  return environment;
}

}  // namespace martlet::postgres
