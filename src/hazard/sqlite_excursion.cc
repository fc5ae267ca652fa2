#include "hazard/sqlite_excursion.h"

#include <algorithm>

#include "base/text.h"
#include "hazard/sqlite_alter.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

// The one name that CREATE and DROP change, apart from what is on a dropped table. "" for anything else.
std::string only_name(const Statement& statement) {
  Lexer words(statement.text, Dialect::sqlite);
  const bool drops = words.accept("drop");
  if (!drops && !words.accept("create")) return "";
  if (!words.accept("temp")) words.accept("temporary");
  words.accept("unique");
  const Token kind = words.next();
  if (!kind.is("table") && !kind.is("index") && !kind.is("view") && !kind.is("trigger")) return "";
  words.accept({"if", "not", "exists"}) || words.accept({"if", "exists"});
  return sqlite_name(words.accept_name());
}

}  // namespace

SqliteExcursion::SqliteExcursion(Connection& database)
    : database_(database), foreign_keys_(SqliteSchema::foreign_keys_of(database)) {}

void SqliteExcursion::before(const Statement& statement) {
  if (whole_) return;
  const std::string name = only_name(statement);
  if (!name.empty()) touch(name);
  // With a virtual table go the tables it is made of.
  if (name.empty() || std::ranges::any_of(was_, is_virtual)) whole_ = SqliteSchema::of(database_);
}

// An object that has been touched by its own name was remembered then, or is new.
void SqliteExcursion::touch(const std::string& name) {
  std::vector<std::string> names{name};
  for (SqliteObject& each : SqliteSchema::objects_about({name}, database_)) {
    std::string own = lower(each.name);
    if (touched_.contains(own)) continue;
    names.push_back(std::move(own));
    was_.push_back(std::move(each));
  }
  touched_.insert(names.begin(), names.end());
}

SqliteSchema SqliteExcursion::schema_before() const {
  SqliteSchema schema = whole_ ? *whole_ : SqliteSchema::of(database_);
  std::erase_if(schema.objects, [&](const SqliteObject& each) { return touched_.contains(lower(each.name)); });
  schema.objects.insert(schema.objects.end(), was_.begin(), was_.end());
  sort_to_make(schema.objects);
  schema.foreign_keys = foreign_keys_;
  return schema;
}

void SqliteExcursion::undo() {
  if (whole_) return schema_before().return_to(database_);
  database_.rollback();
  std::vector<SqliteObject> wanted = was_;
  sort_to_make(wanted);
  change_objects(
      database_, [&] { return SqliteSchema::objects_about(touched_, database_); }, wanted);
  SqliteSchema::set_foreign_keys(database_, foreign_keys_);
}

}  // namespace martlet
