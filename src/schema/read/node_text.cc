#include "schema/read/node_text.h"

#include <algorithm>
#include <charconv>

namespace martlet {
namespace {

// Calls `visit` with the number behind each occurrence of `label`, which ends with a space.
template <class Visit>
void each_number(std::string_view nodes, std::string_view label, const Visit& visit) {
  for (std::size_t at = nodes.find(label); at != std::string_view::npos; at = nodes.find(label, at)) {
    at += label.size();
    std::int64_t number = 0;
    std::from_chars(nodes.data() + at, nodes.data() + nodes.size(), number);
    visit(number);
  }
}

Volatility worse(Volatility a, Volatility b) {
  return std::max(a, b);
}

bool has(std::string_view nodes, std::string_view what) {
  return nodes.find(what) != std::string_view::npos;
}

}  // namespace

Volatility stored_volatility(const Catalog& catalog, std::string_view nodes) {
  Volatility found = Volatility::immutable;
  const auto call = [&](std::int64_t id) {
    if (const Function* function = catalog.functions.get(static_cast<ObjectId>(id))) {
      found = worse(found, function->volatility);
    }
  };
  // ":opfuncid " is the function of an operator.
  for (const std::string_view label : {":funcid ", ":opfuncid ", ":aggfnoid ", ":winfnoid "}) {
    each_number(nodes, label, call);
  }
  if (has(nodes, "{NEXTVALUEEXPR")) found = worse(found, Volatility::volatile_);
  // CURRENT_DATE and the like; conversions by text, which for dates and times depend on settings.
  if (has(nodes, "{SQLVALUEFUNCTION") || has(nodes, "{COERCEVIAIO")) found = worse(found, Volatility::stable);
  return found;
}

std::vector<int> stored_columns(std::string_view nodes) {
  std::vector<int> columns;
  each_number(nodes, ":varattno ", [&](std::int64_t number) { columns.push_back(static_cast<int>(number)); });
  std::ranges::sort(columns);
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

}  // namespace martlet
