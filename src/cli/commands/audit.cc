#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/registry.h"
#include "base/text.h"
#include "cli/event_view.h"
#include "cli/output.h"
#include "cli/target.h"
#include "history/audit_proof.h"

namespace martlet {
namespace {

std::vector<AuditEvent> read_events(Context& context, long long from = 1) {
  const auto connection = connect_target(context.config, target_identity(context.config));
  const HistoryNames names = history_names(context.config);
  if (!Ledger::read(*connection, names).exists()) return {};
  std::vector<AuditEvent> events = Audit::read(*connection, names);
  std::erase_if(events, [from](const AuditEvent& event) { return event.number < from; });
  return events;
}

long long number_from(const std::string& text, std::string_view what) {
  const bool digits =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && text.size() < 19) return std::stoll(text);
  throw Error(ErrorKind::usage, fmt::format("{}: \"{}\" is not the number of an event", what, text))
      .next("`martlet history --json` shows the numbers");
}

// By number, by run, or of the last run.
std::vector<AuditEvent> chosen(const std::vector<AuditEvent>& events, const std::string& which) {
  const bool is_number =
      !which.empty() && which.size() < 16 && which.find_first_not_of("0123456789") == std::string::npos;
  std::vector<AuditEvent> found;
  for (const AuditEvent& event : events) {
    const bool wanted = is_number       ? event.number == std::stoll(which)
                        : which.empty() ? event.run_id == events.front().run_id
                                        : event.run_id == which;
    if (wanted) found.push_back(event);
  }
  if (found.empty() && !which.empty())
    throw Error(ErrorKind::usage, fmt::format("there is no event and no run \"{}\"", which))
        .next("`martlet history -v` shows the runs");
  return found;
}

int show(Context& context, const std::string& which) {
  const std::vector<AuditEvent> events = chosen(read_events(context), which);
  auto& list = context.output.json()["events"] = nlohmann::ordered_json::array();
  for (const AuditEvent& event : events) {
    list.push_back(event_json(event));
    show_event(context.output, event);
  }
  if (events.empty()) context.output.line("nothing has happened here yet");
  return 0;
}

std::string trusted_key(const Config& config) {
  const std::string key = config.text("audit.public_key");
  if (key.empty() && !config.text("audit.key").empty() && std::filesystem::exists(config.text("audit.key")))
    return SigningKey::read(config.text("audit.key")).public_key();
  if (key.empty() || is_public_key(key)) return key;
  throw Error(ErrorKind::usage, fmt::format("audit.public_key is not a key ({})", config.source("audit.public_key")))
      .next("it is 64 hexadecimal digits, as `martlet audit key` printed them");
}

AuditFile copy_of(const Context& context) {
  const std::string path = context.arguments.text("file");
  if (!path.empty() && !std::filesystem::exists(path))
    throw Error(ErrorKind::usage, fmt::format("there is no file {}", path)).next("correct --file");
  return path.empty() ? AuditFile{} : AuditFile::read(path);
}

int verify(Context& context) {
  const AuditProof proof = prove_audit(read_events(context), copy_of(context), trusted_key(context.config));
  Output& output = context.output;
  output.json()["events"] = proof.events;
  output.json()["copied"] = proof.copied;
  output.json()["checkpoints"] = proof.checkpoints;
  output.json()["last_checkpoint"] = proof.last_checkpoint;
  output.json()["problems"] = proof.problems;
  output.json()["reservations"] = proof.reservations;
  for (const std::string& problem : proof.problems) output.line(problem, Style::bad);
  if (proof.problems.empty()) output.line(fmt::format("{} events, the chain holds", proof.events), Style::good);
  if (proof.copied > 0) output.line(fmt::format("{} events in the copy", proof.copied));
  if (proof.checkpoints > 0)
    output.line(
        fmt::format("{} signed checkpoints agree, the last one of event {}", proof.checkpoints, proof.last_checkpoint));
  for (const std::string& reservation : proof.reservations) output.line(reservation, Style::dim);
  return proof.problems.empty() ? 0 : exit_code(ErrorKind::validation);
}

int export_events(Context& context, const std::string& path) {
  const std::string since = context.arguments.text("since");
  const std::vector<AuditEvent> events = read_events(context, since.empty() ? 1 : number_from(since, "--since"));
  const std::string file = context.config.text("audit.key");
  const auto key = file.empty() ? std::nullopt : std::optional(SigningKey::read(file));
  const std::string text = audit_export(events, target_url(context.config).shown(), key);
  if (path.empty()) {
    context.output.raw(text);
  } else {
    write_file(path, text, FileMode::secret);
    context.output.line(fmt::format("{} events written to {}", events.size(), path), Style::good);
  }
  auto& list = context.output.json()["events"] = nlohmann::ordered_json::array();
  for (auto event = events.rbegin(); event != events.rend(); ++event) list.push_back(event_json(*event));
  return 0;
}

int make_key(Context& context, const std::string& path) {
  if (path.empty()) throw Error(ErrorKind::usage, "audit key needs the name of a file").next("martlet audit key FILE");
  const SigningKey key = SigningKey::make();
  key.write(path);
  context.output.json()["public_key"] = key.public_key();
  context.output.line(fmt::format("made {}; only its owner may read it", path), Style::good);
  context.output.line(fmt::format("[audit]\nkey = \"{}\"\npublic_key = \"{}\"", path, key.public_key()));
  return 0;
}

int run(Context& context) {
  const std::string action = context.arguments.positional(0);
  const std::string what = context.arguments.positional(1);
  if (action.empty() || action == "show") return show(context, what);
  if (action == "verify") return verify(context);
  if (action == "export") return export_events(context, what);
  if (action == "key") return make_key(context, what);
  const auto meant = nearest(action, {"show", "verify", "export", "key"});
  throw Error(ErrorKind::usage, fmt::format("audit has no \"{}\"", action))
      .next(meant ? fmt::format("did you mean `martlet audit {}`?", *meant) : "see `martlet help audit`");
}

const Registered<Command> kCommand{{
    .id = "audit",
    .summary = "what was recorded: shown in full, proved, exported",
    .details =
        "show [NUMBER|RUN]: every field of an event, of a run, or of the last run. verify: every event's hash covers "
        "the event before it, so a changed, missing, added or moved one shows (code 4); compared with an earlier "
        "export "
        "(--file), so does a chain that was cut short or built anew. export [FILE]: one line of JSON an event, and a "
        "checkpoint signed with [audit] key. key FILE: makes a signing key; keep it where whoever may change the "
        "database cannot read it.",
    .options = {{"--file", "FILE", "verify: an export to compare with"},
                {"--since", "NUMBER", "export: from this event on"}},
    .positionals = {{"ACTION", "show, verify, export or key", Positional::Arity::optional},
                    {"WHAT", "an event or run; a file", Positional::Arity::optional}},
    .examples = {"martlet audit show", "martlet audit verify", "martlet audit export audit.jsonl",
                 "martlet audit key audit.key"},
    .run = run,
    .group = "Ledger",
    .read_only = true,
}};

}  // namespace
}  // namespace martlet
