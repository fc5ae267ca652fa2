// Expressions that the catalog keeps as text, and what in them gets another name.
#pragma once

#include <string>
#include <string_view>

#include "effects/execution.h"

namespace martlet {

/// Calls `visit` with each expression that a relation (const or not) holds of its own columns: defaults, checks, keys
/// and predicate of an index, partition key, conditions of triggers and policies, statistics.
template <class AnyRelation, class Visit>
void each_expression(AnyRelation& relation, const Visit& visit) {
  for (auto& each : relation.columns) visit(each.default_sql);
  for (auto& each : relation.constraints) visit(each.expression);
  for (auto& each : relation.partition.key_expressions) visit(each);
  for (auto& each : relation.triggers) visit(each.when);
  for (auto& each : relation.policies) visit(each.using_sql), visit(each.check_sql);
  for (auto& statistics : relation.statistics) {
    for (auto& each : statistics.expressions) visit(each);
  }
  if (!relation.index) return;
  for (auto& each : relation.index->keys) visit(each.expression);
  visit(relation.index->predicate);
}

/// Gives a column its new name in the expressions of its table and of the table's indexes.
void rename_column_in_expressions(Execution& execution, ObjectId table, const std::string& from, const std::string& to);

/// Gives a relation its new name in the policies of others that read it.
void rename_relation_in_policies(Execution& execution, ObjectId relation, const std::string& from,
                                 const std::string& to);

/// Gives a label of an enum its new name in every expression.
void rename_label_in_expressions(Execution& execution, const Type& type, const std::string& from,
                                 const std::string& to);

}  // namespace martlet
