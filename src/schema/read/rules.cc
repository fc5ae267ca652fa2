// Rewrite rules; a view's query is one as well, "_RETURN".
#include <algorithm>

#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {

void read_rules(Reading& reading) {
  reading.each("SELECT oid, ev_class, rulename, ev_type, is_instead, ev_enabled FROM pg_rewrite",
               [&](const CopiedRow& row) {
                 Relation* relation = reading.relation(row.id(1));
                 if (!relation) return;
                 reading.relation_of.emplace(row.id(0), relation->id);
                 if (relation->view && row.letter(3) == '1') return;
                 reading.rules.emplace(row.id(0), relation->rules.size());
                 relation->rules.push_back({.id = row.id(0),
                                            .name = row.text(2),
                                            .event = row.letter(3),
                                            .instead = row.flag(4),
                                            .enabled = row.letter(5)});
               });
  for (Relation& each : reading.relations) {
    if (!each.view) continue;
    each.view->security_invoker = std::ranges::any_of(each.options, [](const std::string& option) {
      return option == "security_invoker=true" || option == "security_invoker=on" || option == "security_invoker=1" ||
             option == "security_invoker=yes";
    });
  }
}

}  // namespace martlet
