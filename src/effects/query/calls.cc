// Functions that do more than give a value.
#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "effects/alter_table/literal.h"
#include "effects/lookup.h"
#include "effects/query/reader.h"

namespace martlet {

void QueryReader::draw_from(const std::string& sequence) {
  const Relation& relation = execution.relation(written_name(sequence), RelationKind::sequence);
  if (relation.kind != RelationKind::sequence && !relation.assumed) {
    execution.fail("42809", fmt::format("\"{}\" is not a sequence", relation.name));
  }
  execution.lock(relation.id, LockMode::row_exclusive);
}

void QueryReader::call(const PgQuery__FuncCall& call) {
  if (!runs() || call.n_args == 0) return;
  const std::string name = qualified_name(call.n_funcname, call.funcname).name;
  const std::optional<std::string> argument = literal_text(*call.args[0]);
  if (name == "nextval" || name == "setval") {
    if (argument) return draw_from(*argument);
    execution.not_known("which sequence is changed is known only when it runs");
  } else if (name == "set_config" && call.n_args == 3 && argument) {
    const std::optional<std::string> value = literal_text(*call.args[1]);
    if (value) return execution.session.set(lower(*argument), *value);
    execution.not_known(fmt::format("what {} is set to is known only when it runs", *argument));
  }
}

}  // namespace martlet
