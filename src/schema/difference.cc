#include "schema/difference.h"

#include <fmt/format.h>

#include <set>

#include "schema/description.h"
#include "sql/canonical.h"

namespace martlet {
namespace {

bool is_unknown(const std::string& value) {
  return value == kUnknown || value.starts_with(fmt::format("{},", kUnknown));
}

bool is_same(const Fact& a, const Fact& b) {
  if (a.value == b.value || is_unknown(a.value) || is_unknown(b.value)) return true;
  switch (a.sort) {
    case Fact::Sort::text:
      return false;
    case Fact::Sort::expression:
      return canonical_expression(a.value) == canonical_expression(b.value);
    case Fact::Sort::bound:
      return canonical_bound(a.value) == canonical_bound(b.value);
  }
  return false;
}

class Comparison {
 public:
  Comparison(const Catalog& a, const Catalog& b) : a_(describe(a)), b_(describe(b)) {}

  std::vector<CatalogDifference> take() {
    std::set<std::string_view> names;
    for (const auto& [name, object] : a_) names.insert(name);
    for (const auto& [name, object] : b_) names.insert(name);
    for (const std::string_view name : names) compare(std::string(name));
    return std::move(found_);
  }

 private:
  static const ObjectDescription* find(const CatalogDescription& in, const std::string& name) {
    const auto at = in.find(name);
    return at == in.end() ? nullptr : &at->second;
  }

  void compare(const std::string& name) {
    const ObjectDescription* a = find(a_, name);
    const ObjectDescription* b = find(b_, name);
    if (a && b) return compare_facts(name, a->facts, b->facts);
    const std::string& parent = (a ? a : b)->parent;
    const bool parent_is_missing = !parent.empty() && (find(a_, parent) == nullptr) != (find(b_, parent) == nullptr);
    if (!parent_is_missing) found_.push_back({name, "", a ? "there" : "missing", b ? "there" : "missing"});
  }

  void compare_facts(const std::string& name, const std::map<std::string, Fact>& a,
                     const std::map<std::string, Fact>& b) {
    std::set<std::string_view> attributes;
    for (const auto& [attribute, fact] : a) attributes.insert(attribute);
    for (const auto& [attribute, fact] : b) attributes.insert(attribute);
    for (const std::string_view attribute : attributes) {
      const auto in_a = a.find(std::string(attribute)), in_b = b.find(std::string(attribute));
      const Fact fact_a = in_a == a.end() ? Fact{} : in_a->second;
      const Fact fact_b = in_b == b.end() ? Fact{} : in_b->second;
      if (!is_same(fact_a, fact_b)) found_.push_back({name, std::string(attribute), fact_a.value, fact_b.value});
    }
  }

  CatalogDescription a_, b_;
  std::vector<CatalogDifference> found_;
};

}  // namespace

std::string CatalogDifference::text() const {
  return attribute.empty() ? fmt::format("{}: {} / {}", object, a, b)
                           : fmt::format("{}: {}: {} / {}", object, attribute, a, b);
}

std::vector<CatalogDifference> catalog_difference(const Catalog& a, const Catalog& b) {
  return Comparison(a, b).take();
}

std::string to_text(const std::vector<CatalogDifference>& differences) {
  std::string text;
  for (const CatalogDifference& each : differences) text += each.text() + "\n";
  return text;
}

}  // namespace martlet
