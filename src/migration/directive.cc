#include "migration/directive.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "migration/arguments.h"

namespace martlet {
namespace {

const DirectiveKind* find_kind(std::string_view name);

[[noreturn]] void refuse(const Directive& directive, std::string_view why) {
  const DirectiveKind* kind = find_kind(directive.name);
  throw Error(ErrorKind::validation, fmt::format("directive `martlet:{}`: {}", directive.name, why))
      .at(directive.place)
      .next(fmt::format("write `-- martlet:{}`", kind ? kind->form : directive.name));
}

void want_nothing(const Directive& directive) {
  if (!directive.arguments.empty()) refuse(directive, fmt::format("takes no arguments, got `{}`", directive.arguments));
}

// Sections are cut by sections.cc; the statement that `online` and `direct` stand before is found by their place.
void apply_mark(const Directive& directive, Section, Migration&) {
  want_nothing(directive);
}

void apply_no_transaction(const Directive& directive, Section section, Migration& migration) {
  want_nothing(directive);
  if (section == Section::up) migration.transactional = false;
  if (section == Section::down) migration.down_transactional = false;
}

void apply_depends(const Directive& directive, Section section, Migration& migration) {
  if (section != Section::up) refuse(directive, "belongs in the up part of a file");
  const std::vector<std::string> versions = split_list(directive.arguments);
  if (versions.empty()) refuse(directive, "names no version");
  for (const std::string& version : versions) {
    if (version.find_first_of(" \t\"") != std::string::npos) {
      refuse(directive, fmt::format("`{}` is not one version; put a comma between versions", version));
    }
    migration.depends.push_back(version);
  }
}

void apply_allow(const Directive& directive, Section, Migration&) {
  DirectiveWords words(directive.arguments);
  const std::string hazard = words.word();
  if (hazard.empty() || hazard.starts_with('"')) refuse(directive, "names no hazard");
  const auto reason = words.quoted();
  if (!reason || trim(*reason).empty()) refuse(directive, "needs a reason in double quotes");
  if (!words.at_end()) refuse(directive, "has text behind the reason");
}

long parse_count(const Directive& directive, const std::string& key, const std::string& text) {
  long count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count <= 0) {
    refuse(directive, fmt::format("{}={} is not a positive whole number", key, text));
  }
  return count;
}

Milliseconds parse_time(const Directive& directive, const std::string& key, const std::string& text) {
  try {
    return parse_duration(text, key);
  } catch (const Error& error) {
    refuse(directive, error.message);
  }
}

void apply_batch(const Directive& directive, Section, Migration&) {
  const auto values = key_values(directive.arguments);
  if (!values) refuse(directive, fmt::format("cannot read `{}`", directive.arguments));
  for (const auto& [key, text] : *values) {
    if (key == "size") {
      parse_count(directive, key, text);
    } else if (key == "pause") {
      parse_time(directive, key, text);
    } else if (key != "key") {
      refuse(directive, fmt::format("has no argument `{}`; there are size, pause and key", key));
    }
  }
}

void apply_timeout(const Directive& directive, Section section, Migration& migration) {
  const auto values = key_values(directive.arguments);
  if (!values || values->empty()) refuse(directive, fmt::format("cannot read `{}`", directive.arguments));
  if (section != Section::up) refuse(directive, "belongs in the up part of a file, and holds for all of it");
  for (const auto& [key, text] : *values) {
    if (key == "lock") {
      migration.lock_wait = parse_time(directive, key, text);
    } else if (key == "statement") {
      migration.statement_timeout = parse_time(directive, key, text);
    } else {
      refuse(directive, fmt::format("has no argument `{}`; there are lock and statement", key));
    }
  }
}

void apply_contract(const Directive& directive, Section, Migration&) {
  const auto values = key_values(directive.arguments);
  if (!values) refuse(directive, fmt::format("cannot read `{}`", directive.arguments));
  for (const auto& [key, text] : *values) {
    if (key != "wait") refuse(directive, fmt::format("has no argument `{}`; there is wait", key));
    parse_time(directive, key, text);
  }
}

void apply_check(const Directive& directive, Section section, Migration& migration) {
  if (section != Section::up) refuse(directive, "belongs in the up part of a file");
  DirectiveWords words(directive.arguments);
  const auto sql = words.quoted();
  if (!sql || trim(*sql).empty()) refuse(directive, "needs a query in double quotes (write \"\" for a quote inside)");
  if (words.word() != "expect") refuse(directive, "needs the word expect behind the query");
  const auto expected = words.quoted();
  if (!expected) refuse(directive, "needs the expected value in double quotes");
  if (!words.at_end()) refuse(directive, "has text behind the expected value");
  migration.checks.push_back({*sql, *expected, directive.place});
}

void apply_irreversible(const Directive& directive, Section section, Migration& migration) {
  if (section != Section::up) refuse(directive, "belongs in the up part of a file");
  DirectiveWords words(directive.arguments);
  const auto reason = words.quoted();
  if (!reason || trim(*reason).empty()) refuse(directive, "needs a reason in double quotes");
  if (!words.at_end()) refuse(directive, "has text behind the reason");
  migration.irreversible = *reason;
}

const DirectiveKind* find_kind(std::string_view name) {
  const auto& kinds = directive_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

void require_known(const Directive& directive) {
  if (find_kind(directive.name)) return;
  std::vector<std::string> names;
  for (const DirectiveKind& kind : directive_kinds()) names.emplace_back(kind.name);
  const auto near = nearest(directive.name, names);
  throw Error(ErrorKind::validation, fmt::format("unknown directive `martlet:{}`", directive.name))
      .at(directive.place)
      .next(near ? fmt::format("did you mean `-- martlet:{}`?", find_kind(*near)->form)
                 : fmt::format("the directives are: {}", join(names, ", ")));
}

// Every place where "martlet:" stands in some case: two exact searches are much faster than one without case.
std::size_t find_mark(std::string_view text, std::size_t from) {
  return std::min(text.find("artlet:", from), text.find("ARTLET:", from));
}

Place place_of(const SourceText& source, std::size_t line_begin, std::size_t at) {
  const std::string_view text = source.text;
  const auto lines_before = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line_begin), '\n');
  return {source.file, source.first_line + static_cast<int>(lines_before),
          1 + static_cast<int>(count_characters(text.substr(line_begin, at - line_begin)))};
}

// The directive whose "artlet:" stands at `mark`, or nullopt where that is just text.
std::optional<DirectiveLine> directive_at(const SourceText& source, std::size_t mark) {
  const std::string_view text = source.text;
  const auto newline = text.rfind('\n', mark);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t end = std::min(text.find('\n', mark), text.size());
  if (mark == begin) return std::nullopt;
  const std::string_view before = trim(text.substr(begin, mark - 1 - begin));
  if (!before.ends_with("--") || (text[mark - 1] != 'm' && text[mark - 1] != 'M')) return std::nullopt;
  if (before != "--" && before.find("--") != before.size() - 2) return std::nullopt;  // inside a comment

  const std::string_view rest = text.substr(mark + 7, end - mark - 7);
  const auto name_end = std::min(rest.find_first_of(" \t"), rest.size());
  DirectiveLine line{{std::string(rest.substr(0, name_end)), std::string(trim(rest.substr(name_end))), {}},
                     begin,
                     std::min(end + 1, text.size())};
  line.directive.place = place_of(source, begin, text.rfind("--", mark));
  if (before != "--") {
    throw Error(ErrorKind::validation,
                fmt::format("directive `martlet:{}` stands behind other text on its line", line.directive.name))
        .at(line.directive.place)
        .next("give the directive a line of its own");
  }
  if (text.substr(mark - 1, 8) != "martlet:") {
    throw Error(ErrorKind::validation, "directives are written in small letters")
        .at(line.directive.place)
        .next(fmt::format("write `-- martlet:{}`", lower(rest)));
  }
  return line;
}

}  // namespace

const std::vector<DirectiveKind>& directive_kinds() {
  static const std::vector<DirectiveKind> kinds{
      {"allow", "allow HAZARD \"reason\"", "accepts a hazard in the next statement, or of the whole file", apply_allow},
      {"batch", "batch size=5000 pause=50ms key=id", "runs the next data change in committed batches", apply_batch},
      {"check", "check \"SELECT …\" expect \"0\"", "an assertion, run before the migration commits", apply_check},
      {"contract", "contract wait=7d", "begins the part that runs after all application code is new", apply_contract},
      {"depends", "depends V003, V007", "follows these versions instead of the one before it", apply_depends},
      {"direct", "direct", "forbids the safe rewrite of the next statement", apply_mark},
      {"down", "down", "begins the part that takes the migration back", apply_mark},
      {"irreversible", "irreversible \"reason\"", "there is no way back, and that is meant", apply_irreversible},
      {"no-transaction", "no-transaction", "runs this part statement by statement, outside a transaction",
       apply_no_transaction},
      {"online", "online", "asks for the online rewrite of the next statement", apply_mark},
      {"timeout", "timeout lock=2s statement=10min", "lock wait and statement timeout of this migration",
       apply_timeout},
  };
  return kinds;
}

std::optional<Milliseconds> contract_wait(const Migration& migration) {
  for (const Directive& each : migration.directives) {
    if (each.name != "contract") continue;
    const auto values = key_values(each.arguments);
    if (values && values->contains("wait")) return parse_duration(values->at("wait"), "wait");
  }
  return std::nullopt;
}

std::vector<DirectiveLine> find_directives(const SourceText& source) {
  std::vector<DirectiveLine> lines;
  for (auto mark = find_mark(source.text, 0); mark != std::string::npos; mark = find_mark(source.text, mark + 1)) {
    auto line = directive_at(source, mark);
    if (!line) continue;
    require_known(line->directive);
    lines.push_back(std::move(*line));
  }
  return lines;
}

void apply_directive(const Directive& directive, Section section, Migration& migration) {
  if (const DirectiveKind* kind = find_kind(directive.name)) kind->apply(directive, section, migration);
}

}  // namespace martlet
