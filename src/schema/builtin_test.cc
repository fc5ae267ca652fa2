#include "schema/builtin.h"

#include <gtest/gtest.h>

#include "schema/catalog.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

ObjectId type_named(const Catalog& catalog, std::string_view name) {
  const Type* type = catalog.types.find("pg_catalog", name);
  return type ? type->id : 0;
}

TEST(EmptyCatalog, HasTheTypesOfPostgres) {
  const Catalog catalog = empty_catalog();
  const Type* int4 = catalog.types.find("pg_catalog", "int4");
  ASSERT_NE(int4, nullptr);
  EXPECT_EQ(int4->id, 23);
  EXPECT_EQ(int4->length, 4);
  EXPECT_EQ(int4->category, 'N');
  EXPECT_FALSE(int4->collatable);
  EXPECT_EQ(int4->array, type_named(catalog, "_int4"));
  EXPECT_EQ(catalog.types.get(int4->array)->element, 23);
  EXPECT_TRUE(catalog.types.find("pg_catalog", "text")->collatable);
  EXPECT_TRUE(catalog.types.find("pg_catalog", "text")->preferred);
  EXPECT_EQ(catalog.types.find("pg_catalog", "text")->storage, 'x');
  EXPECT_EQ(catalog.types.find("pg_catalog", "int4range")->kind, Type::Kind::range);
  EXPECT_EQ(catalog.types.find("public", "int4"), nullptr);
  EXPECT_EQ(catalog.types.find("pg_catalog", "int5"), nullptr);
  const Type* domain = catalog.types.find("information_schema", "sql_identifier");
  ASSERT_NE(domain, nullptr);
  EXPECT_EQ(domain->kind, Type::Kind::domain);
  EXPECT_EQ(domain->base.type, type_named(catalog, "name"));
}

TEST(EmptyCatalog, HasTheCastsOfPostgres) {
  const Catalog catalog = empty_catalog();
  const Cast* to_text = catalog.cast(type_named(catalog, "varchar"), type_named(catalog, "text"));
  ASSERT_NE(to_text, nullptr);
  EXPECT_EQ(to_text->method, Cast::Method::binary);
  EXPECT_EQ(to_text->context, 'i');
  const Cast* widened = catalog.cast(type_named(catalog, "int4"), type_named(catalog, "int8"));
  ASSERT_NE(widened, nullptr);
  EXPECT_EQ(widened->method, Cast::Method::function);
  EXPECT_EQ(catalog.functions.get(widened->function)->name, "int8");
  EXPECT_EQ(catalog.cast(type_named(catalog, "bool"), type_named(catalog, "int8")), nullptr);
}

TEST(EmptyCatalog, HasEveryFunctionOfAName) {
  const Catalog catalog = empty_catalog();
  int found = 0;
  bool with_default = false;
  catalog.functions.each_named("pg_catalog", "jsonb_set", [&](const Function& each) {
    ++found;
    with_default |= each.defaults == 1 && each.arguments.size() == 4;
  });
  EXPECT_EQ(found, 1);
  EXPECT_TRUE(with_default);
  EXPECT_EQ(catalog.functions.find("pg_catalog", "now")->volatility, Volatility::stable);
  EXPECT_EQ(catalog.functions.find("pg_catalog", "clock_timestamp")->volatility, Volatility::volatile_);
  EXPECT_TRUE(catalog.functions.find("pg_catalog", "generate_series")->returns_set);
  int overloads = 0;
  catalog.functions.each_named("pg_catalog", "to_char", [&](const Function&) { ++overloads; });
  EXPECT_EQ(overloads, 8);
  EXPECT_EQ(catalog.functions.find("pg_catalog", "no_such_function"), nullptr);
}

TEST(EmptyCatalog, HasOperatorsAndSystemRelations) {
  const Catalog catalog = empty_catalog();
  bool joins_text = false;
  catalog.operators.each_named("pg_catalog", "||", [&](const Operator& each) {
    joins_text |= each.left == type_named(catalog, "text") && each.right == each.left && each.result == each.left &&
                  catalog.functions.get(each.function)->name == "textcat";
  });
  EXPECT_TRUE(joins_text);
  const Relation* classes = catalog.relations.find("pg_catalog", "pg_class");
  ASSERT_NE(classes, nullptr);
  EXPECT_EQ(classes->kind, RelationKind::table);
  ASSERT_NE(classes->column("relname"), nullptr);
  EXPECT_EQ(classes->column("relname")->type.type, type_named(catalog, "name"));
  EXPECT_TRUE(classes->column("relname")->not_null);
  EXPECT_EQ(catalog.relations.find("information_schema", "tables")->kind, RelationKind::view);
}

TEST(EmptyCatalog, KnowsWhichOperatorClassAnIndexTakes) {
  const Catalog catalog = empty_catalog();
  const auto chosen = [&](std::string_view method, std::string_view type) -> std::string {
    const OperatorClass* found = default_operator_class(catalog, method, type_named(catalog, type));
    return found ? found->name : "none";
  };
  EXPECT_EQ(chosen("btree", "int4"), "int4_ops");
  EXPECT_EQ(chosen("btree", "varchar"), "text_ops");
  EXPECT_EQ(chosen("btree", "_int4"), "array_ops");
  EXPECT_EQ(chosen("btree", "int4range"), "range_ops");
  EXPECT_EQ(chosen("btree", "json"), "none");
  EXPECT_EQ(chosen("gin", "jsonb"), "jsonb_ops");
  EXPECT_EQ(chosen("gin", "text"), "none");
}

TEST(EmptyCatalog, TakesChangesOfWhatItIsBornWithBack) {
  Catalog catalog = empty_catalog();
  catalog.record();
  const CatalogMark begin = catalog.mark();
  const ObjectId now = catalog.functions.find("pg_catalog", "now")->id;
  catalog.functions.remove(now);
  EXPECT_EQ(catalog.functions.get(now), nullptr);
  EXPECT_EQ(catalog.functions.find("pg_catalog", "now"), nullptr);
  EXPECT_EQ(CatalogBefore(catalog, begin).function(now)->name, "now");
  catalog.roll_back(begin);
  EXPECT_EQ(catalog.functions.find("pg_catalog", "now")->id, now);
}

}  // namespace
}  // namespace martlet
