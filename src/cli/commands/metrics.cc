#include <fmt/format.h>

#include "base/files.h"
#include "base/registry.h"
#include "cli/output.h"
#include "cli/run_settings.h"
#include "cli/target.h"
#include "metric/database_metrics.h"
#include "net/loopback_server.h"

namespace martlet {
namespace {

constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

MetricTarget target_of(const Config& config) {
  return {.url = target_url(config),
          .folder = folder_options(config),
          .history = history_options(config),
          .environment = config.environment(),
          .application_name = "martlet metrics"};
}

// Until Ctrl-C, which is how this ends well.
int serve(Context& context, const MetricTarget& target) {
  LoopbackServer server(context.config.text("metrics.listen"));
  context.output.line("listening on " + server.url() + "/metrics");
  context.output.record({{"url", server.url() + "/metrics"}});
  std::fflush(stdout);
  try {
    server.serve("/metrics", kContentType, [&] { return database_metrics(target); });
  } catch (const Error& error) {
    if (error.kind != ErrorKind::cancelled) throw;
    return 0;
  }
}

int run(Context& context) {
  const std::string action = context.arguments.positional(0);
  if (action != "" && action != "show" && action != "serve") {
    throw Error(ErrorKind::usage, fmt::format("metrics has no \"{}\"", action)).next("it has: show, serve");
  }
  const MetricTarget target = target_of(context.config);
  if (action == "serve") return serve(context, target);
  const std::string text = database_metrics(target);
  const std::string file = context.arguments.text("output");
  if (!file.empty()) {
    write_file(file, text);
  } else {
    context.output.raw(text);
  }
  context.output.json()["text"] = text;
  return 0;
}

const Registered<Command> kCommand{{
    .id = "metrics",
    .summary = "figures for Prometheus: applied, pending, the run at work",
    .details =
        "show: the figures of this database in Prometheus' text format; with --output into a file, all at once, for\n"
        "the node exporter's textfile collector. serve: the same at http://ADDRESS/metrics, read anew for each who\n"
        "asks, until Ctrl-C; on this machine only. What runs themselves write, metrics.textfile says\n"
        "(docs/alerts.md).",
    .options = {{"-o,--output", "FILE", "with show: write a file instead"},
                {"--listen", "ADDRESS", "with serve: where", "metrics.listen"}},
    .positionals = {{"ACTION", "show (default) or serve", Positional::Arity::optional}},
    .examples = {"martlet metrics", "martlet metrics --output /var/lib/node_exporter/martlet_db.prom",
                 "martlet metrics serve --listen 127.0.0.1:9187"},
    .run = run,
    .group = "Looking",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
