#include "cli/target.h"

#include <fmt/format.h>

#include "cli/output.h"
#include "db/scheme.h"

namespace martlet {
namespace {

// Commands that only look wait for a SQLite file whose writer is committing; they hold nobody up by it.
constexpr std::chrono::seconds kPatienceWithWriter{5};

// What `read` makes of the URL of this key; an error says where the URL is from.
template <class Read>
auto read_url(const Config& config, std::string_view key, Read read) {
  try {
    return read(config.text(key));
  } catch (Error& problem) {
    problem.message += fmt::format(" ({} from {})", key, config.source(key));
    throw;
  }
}

Url url_of(const Config& config, std::string_view key) {
  if (config.text(key).empty()) return {};
  return read_url(config, key, Url::parse);
}

Error no_url(const Config& config) {
  Error error(ErrorKind::usage, "no database is configured");
  if (!config.environment().empty())
    return error.next(fmt::format("set url under [environments.{}] in {}", config.environment(), config.file()));
  return error.next("give --url, set DATABASE_URL, or run `martlet init`, which writes a martlet.toml");
}

}  // namespace

Url target_url(const Config& config) {
  if (!config.is_set("url")) throw no_url(config);
  return url_of(config, "url");
}

Url direct_url(const Config& config) {
  return url_of(config, "direct_url");
}

Url scratch_url(const Config& config) {
  return url_of(config, "scratch_url");
}

bool has_target(const Config& config) {
  return config.is_set("url") && config.problem("url").empty();
}

Dialect target_dialect(const Config& config) {
  if (has_target(config)) return read_url(config, "url", dialect_of);
  return config.text("migrations.dialect") == "sqlite" ? Dialect::sqlite : Dialect::postgres;
}

FolderOptions folder_options(const Config& config) {
  FolderOptions options;
  options.path = config.text("migrations.dir");
  options.layout = config.text("migrations.layout");
  options.gaps = config.text("migrations.gaps");
  options.dialect = target_dialect(config);
  return options;
}

HistoryOptions history_options(const Config& config) {
  return {config.text("history.schema"), config.text("history.table"), config.text("history.view")};
}

HistoryNames history_names(const Config& config) {
  return HistoryNames::make(history_options(config), target_dialect(config));
}

Identity target_identity(const Config& config) {
  return Identity::detect(config.text("actor"), config.text("ticket"));
}

std::unique_ptr<Connection> connect_target(const Config& config, const Identity& who) {
  OpenOptions options;
  options.application_name = who.application;
  options.busy_timeout = kPatienceWithWriter;
  return open_connection(target_url(config), options);
}

void refuse_if_protected(const Config& config, std::string_view what) {
  if (!config.is_protected()) return;
  throw Error(ErrorKind::refused,
              fmt::format("will not {}: {} is protected ({})", what,
                          config.environment().empty() ? "this database" : "environment " + config.environment(),
                          config.source("protected")))
      .leaves("nothing was changed")
      .next("choose another environment with --env");
}

void ask_or_refuse(Context& context, std::string_view question) {
  if (context.config.flag("yes")) return;
  if (context.output.confirm(question)) return;
  const bool asked = context.output.options().interactive && !context.output.options().json;
  throw Error(ErrorKind::refused, asked ? "not confirmed" : fmt::format("nobody to ask: {}", question))
      .leaves("nothing was changed")
      .next("run it again with --yes if that is what you want");
}

}  // namespace martlet
