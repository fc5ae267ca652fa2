#include "run/script.h"

#include <fmt/format.h>

#include "base/text.h"
#include "migration/folder.h"
#include "run/batching.h"

namespace martlet {
namespace {

void refuse_transaction_control(const Statement& statement, Dialect dialect) {
  if (transaction_control(statement, dialect) == TransactionControl::none) return;
  throw Error(ErrorKind::validation,
              fmt::format("transaction control in a migration: {}", statement.text.substr(0, 40)))
      .at(statement.place)
      .leaves("nothing was run")
      .next(
          "remove it: martlet runs each file in one transaction; for statements that must commit one by one, write "
          "`-- martlet:no-transaction` at the top");
}

// Directives that are understood and kept, but whose engine is not part of this version: running the file without
// them would not be what its author asked for.
void refuse_what_cannot_be_honoured(const Migration& migration, Dialect dialect) {
  for (const Directive& directive : migration.directives) {
    if (directive.name != "online" || dialect != Dialect::sqlite) continue;
    throw Error(ErrorKind::validation,
                fmt::format("`-- martlet:{}` is not supported by this version of martlet", directive.name))
        .at(directive.place)
        .leaves("nothing was run")
        .next("remove the directive to run the statement as it is written, or wait for a version that supports it");
  }
}

// A file that was created and not written yet: applied now, it could never be written later. A merge needs no text.
void refuse_empty(const Migration& migration) {
  if (!trim(migration.up.text).empty() || migration.depends.size() > 1) return;
  throw Error(ErrorKind::validation, migration.label + " is empty")
      .at({migration.up.file})
      .leaves("nothing was run")
      .next("write its statements, or remove the file");
}

}  // namespace

std::string_view direction_name(Direction direction) {
  return direction == Direction::up ? "up" : "down";
}

Script prepare_script(const SourceText& source, bool wants_transaction, const RunSettings& settings, Dialect dialect) {
  Script script;
  script.transactional = wants_transaction;
  const SourceText filled = fill_placeholders(source, settings.placeholders);
  for (Statement& statement : split(filled, dialect)) {
    refuse_transaction_control(statement, dialect);
    Transactionality traits = transactionality(statement, dialect);
    if (!traits.transactional() && script.transactional) {
      script.transactional = false;
      script.why_not = traits.reason;
    }
    script.statements.push_back({.statement = std::move(statement), .traits = std::move(traits)});
  }
  attach_batch_wishes(filled, dialect, script);
  return script;
}

Script prepare_up(const Migration& migration, const RunSettings& settings, Dialect dialect) {
  refuse_what_cannot_be_honoured(migration, dialect);
  refuse_empty(migration);
  return prepare_script(migration.up, migration.transactional && settings.tx != TxMode::none, settings, dialect);
}

Place place_in(const Statement& statement, int position) {
  Place place = statement.place;
  int characters = 1;
  for (const char c : statement.text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // inside a UTF-8 character
    if (characters++ >= position) break;
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
  }
  return place;
}

}  // namespace martlet
