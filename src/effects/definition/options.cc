// Options as WITH (…), SET (…) and definitions write them.
#include "effects/definition/parts.h"

namespace martlet {

std::vector<std::string> option_texts(std::size_t count, Node* const* options) {
  std::vector<std::string> texts;
  for (const Node* each : list(count, options)) {
    if (each->node_case != PG_QUERY__NODE__NODE_DEF_ELEM) continue;
    const PgQuery__DefElem& option = *each->def_elem;
    const std::string prefix = *option.defnamespace ? std::string(option.defnamespace) + "." : "";
    texts.push_back(prefix + option.defname + "=" + option_value(option));
  }
  return texts;
}

std::string option_value(const PgQuery__DefElem& option) {
  const Node* value = option.arg;
  if (!value) return "true";
  switch (value->node_case) {
    case PG_QUERY__NODE__NODE_INTEGER:
      return std::to_string(value->integer->ival);
    case PG_QUERY__NODE__NODE_FLOAT:
      return value->float_->fval;
    case PG_QUERY__NODE__NODE_BOOLEAN:
      return value->boolean->boolval ? "true" : "false";
    case PG_QUERY__NODE__NODE_TYPE_NAME:
      return qualified_name(value->type_name->n_names, value->type_name->names).name;
    case PG_QUERY__NODE__NODE_LIST:
      return qualified_name(value->list->n_items, value->list->items).text();
    default:
      return std::string(string_value(value));
  }
}

}  // namespace martlet
