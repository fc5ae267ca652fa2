// Storage parameters of tables, indexes and views: WITH (…) and SET (…) (PostgreSQL 15, reloptions.c).
#pragma once

#include <optional>
#include <string_view>

#include "effects/execution.h"

namespace martlet {

/// What has storage parameters.
enum class OptionHolder { heap, toast, btree, hash, gist, spgist, gin, brin, view };

/// What the relation holds options as; nothing for what has none: a partitioned table, an extension's index.
std::optional<OptionHolder> option_holder(const Relation& relation);
/// The same of an index of this access method.
std::optional<OptionHolder> option_holder_of_method(std::string_view method);

/// The lock that ALTER … SET and RESET take for it; it is looked up by name alone. nullopt = no such parameter.
std::optional<LockMode> option_lock(std::string_view name);

/// Fails with 22023 where the holder has no such parameter, or not with this value.
void require_option(const Execution& execution, std::optional<OptionHolder> holder, const PgQuery__DefElem& option);
/// The same for each of a WITH list.
void require_options(const Execution& execution, std::optional<OptionHolder> holder, std::size_t count,
                     Node* const* options);

}  // namespace martlet
