#include "db/postgres/environment.h"

#include <libpq-fe.h>

#include <memory>

#include "db/postgres/options.h"

namespace martlet::postgres {

std::map<std::string, std::string> child_environment(const Url& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> known(PQconndefaults(), &PQconninfoFree);
  const auto given = url_options(url.text());
  std::map<std::string, std::string> environment;
  for (const PQconninfoOption* option = known.get(); option && option->keyword; ++option) {
    const auto value = given.find(option->keyword);
    if (value != given.end() && option->envvar) environment[option->envvar] = value->second;
  }
  return environment;
}

}  // namespace martlet::postgres
