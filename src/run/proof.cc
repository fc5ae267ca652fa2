#include "run/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text_diff.h"
#include "effects/destructive.h"
#include "run/project_check.h"
#include "run/runner.h"
#include "run/scratch_copy.h"
#include "run/script.h"
#include "schema/dump.h"

namespace martlet {
namespace {

// The scratch database and how runs see it: the real commands, on another URL.
class Bench {
 public:
  Bench(const RunSettings& settings, const ProofOptions& options, const Url& url)
      : settings_(on_scratch(settings, url)),
        options_(options),
        names_(HistoryNames::make(settings.history, url.dialect())) {
    settings_.events = nullptr;
    settings_.phases = Phases::together;  // nobody uses it: the down part takes back the whole
  }

  const RunSettings& settings() const { return settings_; }
  std::unique_ptr<Connection> connect() const {
    return open_connection(settings_.url,
                           {.application_name = "martlet test", .missing = OpenOptions::Missing::create});
  }
  std::string catalog() const { return dump_schema(*connect(), settings_.url, names_); }
  std::optional<Error> check(const Migration& migration, std::string_view moment) const {
    return run_project_check(*connect(), settings_, options_.tests_path, migration, moment);
  }
  Milliseconds up_to(const Migration& migration) const {
    return total(up(settings_, {.kind = Goal::Kind::version, .version = migration.id}));
  }
  Milliseconds down_one() const { return total(down(settings_, {.kind = Goal::Kind::steps, .steps = -1})); }

 private:
  static Milliseconds total(const RunReport& report) {
    Milliseconds sum{0};
    for (const RunItem& item : report.done) sum += item.elapsed;
    return sum;
  }

  RunSettings settings_;
  const ProofOptions& options_;
  HistoryNames names_;
};

// The names are the user's own words, so they stand in the query as they are. What cannot be asked (it is not there, as
// IF EXISTS allows) holds nothing; a schema or a type is taken to hold something.
bool holds_rows(Connection& connection, const Destruction& loss) {
  using Kind = Destruction::Kind;
  if (loss.kind != Kind::table && loss.kind != Kind::column && loss.kind != Kind::rows) return true;
  const std::string condition = loss.kind == Kind::column ? fmt::format(" WHERE {} IS NOT NULL", loss.column) : "";
  try {
    return !connection.execute(fmt::format("SELECT 1 FROM {}{} LIMIT 1", loss.object, condition)).rows.empty();
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error&) {
    return false;
  }
}

struct Contents {
  Destruction loss;
  std::vector<Row> rows;
};

std::vector<Row> read_rows(Connection& connection, const Destruction& loss) {
  if (loss.kind != Destruction::Kind::table && loss.kind != Destruction::Kind::column &&
      loss.kind != Destruction::Kind::rows) {
    return {};
  }
  const std::string columns = loss.kind == Destruction::Kind::column ? loss.column : "*";
  std::vector<Row> rows = connection.execute(fmt::format("SELECT {} FROM {}", columns, loss.object)).rows;
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Would this down drop something that holds rows right now?
bool drops_data(Connection& connection, const Migration& migration, const RunSettings& settings) {
  const Dialect dialect = connection.dialect();
  for (const ScriptStatement& at : prepare_script(*migration.down, true, settings, dialect).statements) {
    for (const Destruction& loss : destroys(at.statement, dialect)) {
      if (holds_rows(connection, loss)) return true;
    }
  }
  return false;
}

// What the up is about to destroy, as rows in an order of their own: the down should bring them back.
std::vector<Contents> doomed(Connection& connection, const Migration& migration, const RunSettings& settings) {
  std::vector<Contents> found;
  const Dialect dialect = connection.dialect();
  for (const ScriptStatement& at : prepare_up(migration, settings, dialect).statements) {
    for (const Destruction& loss : destroys(at.statement, dialect)) {
      if (holds_rows(connection, loss)) found.push_back({loss, read_rows(connection, loss)});
    }
  }
  return found;
}

bool all_restored(Connection& connection, const std::vector<Contents>& before) {
  return std::all_of(before.begin(), before.end(),
                     [&](const Contents& one) { return read_rows(connection, one.loss) == one.rows; });
}

void note(ProofItem& item, const std::optional<Error>& failure) {
  if (failure) item.failures.push_back(*failure);
}

struct Before {
  std::string catalog;
  std::vector<Contents> contents;
};

// Returns false where the down did not bring the catalog back, so that going up again would be meaningless.
bool prove_down(const Bench& bench, const Migration& migration, const Before& before, ProofItem& item) {
  bool loses = false;
  try {
    loses = drops_data(*bench.connect(), migration, bench.settings());
    item.down = bench.down_one();
  } catch (const Error& error) {
    item.down_label = DownLabel::failed;
    item.failures.push_back(error);
    return false;
  }
  item.difference = unified_diff(before.catalog, bench.catalog(), "before the up", "after the down");
  if (!item.difference.empty()) {
    item.down_label = DownLabel::not_inverse;
  } else {
    loses = loses || !all_restored(*bench.connect(), before.contents);
    item.down_label = loses ? DownLabel::lossy : DownLabel::reversible;
  }
  note(item, bench.check(migration, "down"));
  return true;
}

void prove_again(const Bench& bench, const Migration& migration, const std::string& after, ProofItem& item) {
  try {
    item.again = bench.up_to(migration);
  } catch (const Error& error) {
    item.failures.push_back(error);
    return;
  }
  const std::string difference = unified_diff(after, bench.catalog(), "after the first up", "after the second up");
  if (difference.empty()) return;
  item.failures.push_back(Error(ErrorKind::migration_failed, migration.label + ": up after down gives another catalog")
                              .at({migration.file})
                              .with_detail(difference));
}

// `catalog` is the catalog before, and becomes the one after.
ProofItem prove_one(const Bench& bench, const Migration& migration, std::string& catalog) {
  ProofItem item{.id = migration.id, .label = migration.label, .name = migration.name};
  note(item, bench.check(migration, "before"));
  const Before before{catalog, doomed(*bench.connect(), migration, bench.settings())};
  item.up = bench.up_to(migration);
  const std::string after = bench.catalog();
  note(item, bench.check(migration, "after"));
  if (migration.irreversible) {
    item.down_label = DownLabel::irreversible;
  } else if (!migration.down) {
    item.down_label = DownLabel::missing;
  } else if (prove_down(bench, migration, before, item)) {
    prove_again(bench, migration, after, item);
  }
  catalog = after;
  return item;
}

void prove_nothing_left(const Bench& bench, ProofReport& report) {
  static_cast<void>(up(bench.settings(), {}));
  const RunReport second = up(bench.settings(), {});
  if (second.nothing_to_do()) return;
  report.failures.push_back(Error(ErrorKind::migration_failed,
                                  fmt::format("a second `up` found {} to run again", second.done.front().label)));
}

}  // namespace

std::string_view label_name(DownLabel label) {
  static constexpr std::array<std::string_view, 6> kNames{"reversible",   "lossy",   "not inverse",
                                                          "irreversible", "no down", "down failed"};
  return kNames[static_cast<std::size_t>(label)];
}

bool ProofItem::passed() const {
  return failures.empty() && down_label != DownLabel::not_inverse && down_label != DownLabel::failed;
}

bool ProofReport::passed() const {
  return failures.empty() &&
         std::all_of(items.begin(), items.end(), [](const ProofItem& item) { return item.passed(); });
}

ProofReport prove(const RunSettings& settings, const ProofOptions& options) {
  const Folder folder = read_folder(settings.folder);
  const auto scratch = make_scratch(settings, options.scratch_url);
  const Bench bench(settings, options, scratch->url());
  ProofReport report;
  std::string catalog = bench.catalog();
  for (const Migration& migration : folder.migrations) {
    if (migration.kind != MigrationKind::versioned) continue;
    try {
      report.items.push_back(prove_one(bench, migration, catalog));
    } catch (const Error& error) {
      ProofItem item{.id = migration.id, .label = migration.label, .name = migration.name, .went_up = false};
      item.failures.push_back(error);
      report.items.push_back(std::move(item));
      if (options.finished) options.finished(report.items.back());
      return report;  // nothing after a failed up can be tried
    }
    if (options.finished) options.finished(report.items.back());
  }
  if (report.passed()) prove_nothing_left(bench, report);
  return report;
}

}  // namespace martlet
