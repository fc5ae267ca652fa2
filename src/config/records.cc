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
