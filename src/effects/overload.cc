#include "effects/overload.h"

#include <algorithm>
#include <unordered_map>

#include "effects/coercion.h"
#include "schema/builtin.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

bool is_open(ObjectId type) {
  return type == 0 || type == type_id::unknown;
}

bool fits_pseudo(const Catalog& catalog, ObjectId given, const Type& asked) {
  if (asked.name == "anynonarray" || asked.name == "anycompatiblenonarray") {
    const Type* type = catalog.types.get(given);
    return !type || type->element == 0;
  }
  return is_binary_coercible(catalog, given, asked.id);
}

// How well a value of one type stands where another is asked for: 3 exact, 2 polymorphic or binary, 1 by an implicit
// cast, 0 not at all.
int fit(const Catalog& catalog, ObjectId given, ObjectId asked) {
  if (is_open(given)) return 1;
  if (given == asked) return 3;
  const Type* type = catalog.types.get(asked);
  if (type && type->kind == Type::Kind::pseudo) return fits_pseudo(catalog, given, *type) ? 2 : 0;
  switch (find_coercion(catalog, given, asked, 'i')) {
    case CoercionPath::none:
      return 0;
    case CoercionPath::relabel:
      return 2;
    default:
      return 1;
  }
}

// Of the types that an implicit cast reaches, the preferred one of its category is taken.
int preference(const Catalog& catalog, ObjectId given, ObjectId asked) {
  const Type* type = catalog.types.get(asked);
  if (given == type_id::unknown) return type && type->category == 'S' ? 2 : 0;  // a literal is text before all
  return type && type->preferred && given != asked ? 1 : 0;
}

int score(const Catalog& catalog, const Function& function, const std::vector<TypeUse>& arguments) {
  const std::size_t most = function.arguments.size();
  const bool enough = arguments.size() + static_cast<std::size_t>(function.defaults) >= most;
  if (!function.variadic && (arguments.size() > most || !enough)) return -1;
  int total = 0;
  for (std::size_t i = 0; i < arguments.size() && i < most; ++i) {
    const bool gathers = function.variadic && i + 1 == most;
    const int each = gathers ? 1 : fit(catalog, arguments[i].type, function.arguments[i]);
    if (each == 0) return -1;
    total += each * 4 + preference(catalog, arguments[i].type, function.arguments[i]);
  }
  return total;
}

template <class T, class Score>
std::vector<const T*> best_of(const std::vector<const T*>& all, const Score& score_of) {
  std::vector<const T*> best;
  int highest = 0;
  for (const T* each : all) {
    const int points = score_of(*each);
    if (points < highest) continue;
    if (points > highest) best.clear();
    highest = points;
    best.push_back(each);
  }
  return best;
}

}  // namespace

std::vector<const Function*> functions_named(const Execution& execution, const QualifiedName& name) {
  std::vector<const Function*> found;
  const auto look_in = [&](std::string_view schema) {
    execution.catalog.functions.each_named(schema, name.name, [&](const Function& each) { found.push_back(&each); });
  };
  if (!name.schema.empty()) {
    look_in(name.schema);
    return found;
  }
  look_in("pg_catalog");
  for (const std::string& schema : execution.session.search_path) {
    look_in(schema == "$user" ? std::string_view(execution.session.user) : std::string_view(schema));
  }
  return found;
}

Overload choose_overload(const Catalog& catalog, const std::vector<const Function*>& functions,
                         const std::vector<TypeUse>& arguments) {
  Overload found;
  found.candidates = best_of(functions, [&](const Function& each) { return score(catalog, each, arguments); });
  found.fits = !found.candidates.empty();
  if (!found.fits) found.candidates = functions;
  const ObjectId result = found.candidates.front()->returns;
  const bool same =
      std::ranges::all_of(found.candidates, [&](const Function* each) { return each->returns == result; });
  const Type* type = catalog.types.get(result);
  if (same && type && type->kind != Type::Kind::pseudo) found.result = result;
  return found;
}

namespace {

// What pg_catalog is born with under a name. The file says so in seventy rows for `=`: they are read once.
const std::vector<ObjectId>& born_operators(const std::string& name) {
  thread_local std::unordered_map<std::string, std::vector<ObjectId>> known;
  const auto [at, is_new] = known.try_emplace(name);
  if (!is_new) return at->second;
  const SourceTable& table = builtin_operators().table();
  const auto [first, last] = table.named("pg_catalog", name);
  for (std::size_t row = first; row < last; ++row) at->second.push_back(id_field(table.row(row)[0]));
  return at->second;
}

std::vector<const Operator*> operators_named(const Catalog& catalog, const QualifiedName& name) {
  std::vector<const Operator*> all;
  if (name.schema.empty() && !catalog.complete) {  // no server has added to pg_catalog
    for (const ObjectId id : born_operators(name.name)) {
      if (const Operator* each = catalog.operators.get(id)) all.push_back(each);
    }
  } else {
    catalog.operators.each_named(name.schema.empty() ? "pg_catalog" : name.schema, name.name,
                                 [&](const Operator& each) { all.push_back(&each); });
  }
  catalog.operators.each_of_users([&](const Operator& each) {
    if (name.schema.empty() && each.name == name.name) all.push_back(&each);
  });
  return all;
}

std::vector<const Operator*> best_operators(const Catalog& catalog, const QualifiedName& name, ObjectId left,
                                            ObjectId right) {
  std::vector<const Operator*> all = operators_named(catalog, name);
  // One for exactly these types is better than any other: there is no need to compare two hundred.
  const bool open = is_open(right) || left == type_id::unknown;
  const auto exact = [&](const Operator* each) { return each->left == left && each->right == right; };
  if (!open && std::ranges::any_of(all, exact)) {
    std::erase_if(all, [&](const Operator* each) { return !exact(each); });
    return all;
  }
  return best_of(all, [&](const Operator& each) {
    if ((each.left == 0) != (left == 0)) return -1;
    const int on_left = left == 0 ? 1 : fit(catalog, left, each.left);
    const int on_right = on_left == 0 ? 0 : fit(catalog, right, each.right);
    if (on_right == 0) return -1;
    return (on_left + on_right) * 4 + preference(catalog, left, each.left) + preference(catalog, right, each.right);
  });
}

}  // namespace

bool has_operator(const Catalog& catalog, const QualifiedName& name, ObjectId left, ObjectId right) {
  // An extension's operators are not in pg_catalog.
  const auto is_foreign = [&](ObjectId id) {
    const Type* type = catalog.types.get(id);
    return !type || type->schema != "pg_catalog";
  };
  return is_foreign(left) || is_foreign(right) || !best_operators(catalog, name, left, right).empty();
}

const Operator* choose_operator(const Catalog& catalog, const QualifiedName& name, ObjectId left, ObjectId right) {
  // A literal beside a value is taken to be of the value's type.
  if (left == type_id::unknown && !is_open(right)) left = right;
  if (right == type_id::unknown && !is_open(left)) right = left;
  const std::vector<const Operator*> best = best_operators(catalog, name, left, right);
  return best.size() == 1 ? best.front() : nullptr;
}

}  // namespace martlet
