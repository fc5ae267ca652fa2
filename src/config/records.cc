#include "config/records.h"

namespace martlet {
namespace {

using enum ConfigType;

const std::vector<RecordKind> kKinds{
    {.name = "sink",
     .keys =
         {
             {.name = "name", .help = "what rules call it"},
             {.name = "kind", .help = "where alerts go (`martlet alerts` lists the kinds)"},
             {.name = "url",
              .help = "of webhook, slack, pagerduty: the address; of sentry: the DSN; of smtp: smtp://HOST:PORT or "
                      "smtps://HOST; env:VARIABLE or file:PATH",
              .type = credential},
             {.name = "header", .help = "of webhook: \"Name: value\"; env:VARIABLE or file:PATH", .type = credential},
             {.name = "key",
              .help = "of pagerduty: the integration's key; env:VARIABLE or file:PATH",
              .type = credential},
             {.name = "from", .help = "of smtp: the sender's address"},
             {.name = "to", .help = "of smtp: the recipients' addresses", .type = words},
             {.name = "user", .help = "of smtp: who logs in; default: nobody", .type = credential},
             {.name = "password", .help = "of smtp: env:VARIABLE or file:PATH", .type = credential},
             {.name = "tls",
              .help = "of smtp: STARTTLS or nothing; none = mail and password in the clear",
              .type = choice,
              .default_value = "required",
              .choices = "required|none"},
             {.name = "command", .help = "of exec: run by /bin/sh, the alert as JSON on its standard input"},
             {.name = "path",
              .help = "of file: the file; of journal: the socket, where it is not the usual one",
              .type = path},
             {.name = "timeout", .help = "how long one attempt may take", .type = duration, .default_value = "10s"},
         }},
    {.name = "alert",
     .keys =
         {
             {.name = "name", .help = "by which an environment's own replaces it"},
             {.name = "on",
              .help = "what it is about (`martlet alerts` lists the triggers); default: what went wrong",
              .type = words},
             {.name = "to", .help = "names of sinks; default: all", .type = words},
             {.name = "over",
              .help = "how long something must take before it is told; default: as each trigger says",
              .type = duration},
         }},
    {.name = "gate",
     .keys =
         {
             {.name = "name", .help = "what it is called in output, history and audit"},
             {.name = "kind",
              .help = "where the value comes from",
              .type = choice,
              .default_value = "builtin",
              .choices = "sql|http|prometheus|exec|builtin"},
             {.name = "check", .help = "of a builtin: which one (`martlet gates list`); default: the gate's name"},
             {.name = "query",
              .help =
                  "of sql: the first column of each row is a value; of prometheus: an expression; of index_used and "
                  "query_regression: the query that is looked at"},
             {.name = "url",
              .help =
                  "of http, prometheus and application_start; of sql and pool_saturation: another database, such as "
                  "pgbouncer's console; env:VARIABLE or file:PATH",
              .type = credential},
             {.name = "header",
              .help = "of http and prometheus: \"Name: value\"; env:VARIABLE or file:PATH",
              .type = credential},
             {.name = "json", .help = "of http: the value is in the answer, at this path: checks.db.lag"},
             {.name = "command", .help = "of exec and application_start: run by /bin/sh; the value is its exit code"},
             {.name = "table", .help = "of autovacuum: the table; default: any"},
             {.name = "index", .help = "of index_used: the index that the query is to use"},
             {.name = "success", .help = "an expression over `value`: what passes"},
             {.name = "failure", .help = "an expression over `value`: what fails, whatever `success` says"},
             {.name = "when",
              .help = "before, during or after a run; a list for several",
              .type = words,
              .default_value = "before"},
             {.name = "interval", .help = "from one measurement to the next", .type = duration, .default_value = "10s"},
             {.name = "count",
              .help = "how many measurements before and after a run",
              .type = number,
              .default_value = "1"},
             {.name = "timeout", .help = "how long one measurement may take", .type = duration, .default_value = "10s"},
             {.name = "failure_limit",
              .help = "how many failed measurements are put up with",
              .type = number,
              .default_value = "0"},
             {.name = "error_limit",
              .help = "how many measurements in a row may come to nothing",
              .type = number,
              .default_value = "3"},
             {.name = "on_failure",
              .help = "what a failed gate does to the run",
              .type = choice,
              .default_value = "abort",
              .choices = "pause|abort|rollback"},
             {.name = "on_inconclusive",
              .help = "what a gate does that could not decide",
              .type = choice,
              .default_value = "pause",
              .choices = "pause|abort|rollback"},
             {.name = "no_data",
              .help = "what no row, or NULL, stands for",
              .type = choice,
              .default_value = "inconclusive",
              .choices = "inconclusive|pass|fail"},
             {.name = "pause_limit",
              .help = "how long a run is paused for it at most; then it is aborted",
              .type = duration,
              .default_value = "15min"},
             {.name = "watch_after",
              .help = "for how long after a run `martlet gates watch` goes on looking",
              .type = duration,
              .default_value = "0"},
         }},
};

}  // namespace

const std::vector<RecordKind>& record_kinds() {
  return kKinds;
}

const RecordKind* find_record_kind(std::string_view name) {
  for (const RecordKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const RecordKey* find_record_key(const RecordKind& kind, std::string_view name) {
  for (const RecordKey& key : kind.keys) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

}  // namespace martlet
