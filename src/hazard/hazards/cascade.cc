#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

constexpr std::size_t kNamesShown = 5;

std::string name_of(const Relation& relation) {
  return QualifiedName{relation.schema == "public" ? "" : relation.schema, relation.name}.text();
}

bool is_named(const Case& at, const Relation& relation) {
  const auto names_it = [&](const QualifiedName& name) {
    const Relation* found = at.relation(name);
    return found && found->id == relation.id;
  };
  if (at.node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
    return names_it(qualified_name(*at.node->alter_table_stmt->relation));
  }
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  return std::ranges::any_of(list(drop.n_objects, drop.objects), [&](const Node* each) {
    return each->node_case == PG_QUERY__NODE__NODE_LIST &&
           names_it(qualified_name(each->list->n_items, each->list->items));
  });
}

// What goes with the named objects by itself: indexes, owned sequences, partitions' parts.
bool goes_anyway(const Case& at, const Relation& relation) {
  if (relation.index) {
    const Relation* table = at.before.relation(relation.index->table);
    return table != nullptr;
  }
  return relation.kind == RelationKind::sequence && relation.owned_by.relation != 0;
}

void add_lost_parts(const Relation& before, const Relation& now, std::vector<std::string>& lost) {
  for (const Constraint& each : before.constraints) {
    if (each.kind == Constraint::Kind::foreign_key && !now.constraint(std::string_view(each.name))) {
      lost.push_back(fmt::format("the foreign key {} of {}", each.name, name_of(before)));
    }
  }
  for (const Column& each : before.columns) {
    if (!now.column(each.number)) lost.push_back(fmt::format("the column {}.{}", name_of(before), each.name));
  }
  for (const Trigger& each : before.triggers) {
    if (std::ranges::count(now.triggers, each.id, &Trigger::id) == 0) {
      lost.push_back(fmt::format("the trigger {} of {}", each.name, name_of(before)));
    }
  }
}

std::vector<std::string> lost_with(const Case& at) {
  std::vector<std::string> lost;
  at.before.each_changed_relation([&](ObjectId id, const Relation* before) {
    if (!before || is_named(at, *before) || at.is_new(id)) return;
    if (const Relation* now = at.catalog.relations.get(id)) return add_lost_parts(*before, *now, lost);
    if (!goes_anyway(at, *before)) {
      const bool is_view = before->kind == RelationKind::view || before->kind == RelationKind::materialized_view;
      lost.push_back((is_view ? "the view " : "") + name_of(*before));
    }
  });
  std::ranges::sort(lost);
  return lost;
}

bool cascades(const Node& node) {
  constexpr auto kCascade = PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  if (node.node_case == PG_QUERY__NODE__NODE_DROP_STMT) {
    const bool is_schema = node.drop_stmt->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA;
    return node.drop_stmt->behavior == kCascade && !is_schema;
  }
  return std::ranges::any_of(alter_commands(node),
                             [](const Node* each) { return each->alter_table_cmd->behavior == kCascade; });
}

// Does the model know all that could depend on what is dropped?
bool is_all_known(const Case& at) {
  if (!at.catalog.complete || !at.effects.known || at.effects.error) return false;
  if (at.node->node_case != PG_QUERY__NODE__NODE_DROP_STMT) return true;
  switch (at.node->drop_stmt->remove_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
      return true;
    default:
      return false;
  }
}

// Does it drop only what was made in this run, of which all is known?
bool is_all_new(const Case& at) {
  if (at.node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
    return !is_live(at, at.node->alter_table_stmt->relation);
  }
  const PgQuery__DropStmt& drop = *at.node->drop_stmt;
  return std::ranges::all_of(list(drop.n_objects, drop.objects), [&](const Node* each) {
    if (each->node_case != PG_QUERY__NODE__NODE_LIST) return false;
    const Relation* relation = at.relation(qualified_name(each->list->n_items, each->list->items));
    return relation && at.is_new(relation->id);
  });
}

void check(const Case& at, Findings& found) {
  if (!cascades(*at.node) || is_all_new(at)) return;
  std::vector<std::string> lost = lost_with(at);
  if (lost.empty() && is_all_known(at)) return;
  if (lost.empty()) {
    found.add(at, "whatever depends on it is dropped as well, without being named");
    return;
  }
  const std::size_t more = lost.size() > kNamesShown ? lost.size() - kNamesShown : 0;
  lost.resize(lost.size() - more);
  found.add(at, fmt::format("also drops {}{}, which the statement does not name", join(lost, ", "),
                            more ? fmt::format(" and {} more", more) : ""));
}

const Registered<Hazard> kHazard{{
    .id = "cascade",
    .severity = Hazard::Severity::error,
    .summary = "DROP … CASCADE takes other objects along",
    .why =
        "Views, foreign keys, columns of a dropped type, triggers of a dropped function go without being named. What "
        "they are depends on the database at hand: production may have more than development.",
    .safe_form =
        "Drop what depends on it by name first, and leave CASCADE out: what was forgotten stops the statement.",
    .on = {PG_QUERY__NODE__NODE_DROP_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
