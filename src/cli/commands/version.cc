#include "base/registry.h"
#include "cli/command.h"
#include "cli/output.h"

namespace martlet {
namespace {

int run(Context& context) {
  context.output.json()["version"] = MARTLET_VERSION;
  context.output.line("martlet " MARTLET_VERSION);
  return 0;
}

const Registered<Command> kVersion{{.id = "version",
                                    .summary = "the version of martlet",
                                    .details = "Prints the version and nothing else.",
                                    .examples = {"martlet version"},
                                    .run = run,
                                    .needs_config = false,
                                    .group = "Tools",
                                    .read_only = true}};

}  // namespace
}  // namespace martlet
