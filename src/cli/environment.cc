#include "cli/environment.h"

namespace martlet {

Config of_environment(const Context& context, const std::string& name) {
  Config::Sources sources;
  sources.environment = name;
  sources.config_file = context.config.file();
  sources.env_file = context.arguments.text("env-file");
  return Config::load(sources);
}

}  // namespace martlet
