#include "schema/store.h"

#include <gtest/gtest.h>

#include "schema/catalog.h"

namespace martlet {
namespace {

Relation table(ObjectId id, std::string name) {
  return {.id = id, .schema = "public", .name = std::move(name)};
}

TEST(Store, FindsByNameAndById) {
  Store<Relation> store;
  store.add(table(20000, "a"));
  EXPECT_EQ(store.find("public", "a")->id, 20000);
  EXPECT_EQ(store.get(20000)->name, "a");
  EXPECT_EQ(store.find("other", "a"), nullptr);
  EXPECT_EQ(store.get(0), nullptr);
}

TEST(Store, ShowsWhatWasBeforeAndTakesItBack) {
  Store<Relation> store;
  store.add(table(20000, "a"));
  store.record();
  const std::size_t mark = store.change_count();
  store.edit(20000).owner = "new";
  store.rename(20000, "public", "b");
  store.add(table(20001, "a"));
  EXPECT_EQ(store.find_before("public", "a", mark)->id, 20000);
  EXPECT_EQ(store.get_before(20001, mark), nullptr);
  EXPECT_EQ(store.get_before(20000, mark)->owner, "");
  store.remove(20000);
  EXPECT_EQ(store.find("public", "b"), nullptr);
  store.roll_back(mark);
  EXPECT_EQ(store.find("public", "a")->id, 20000);
  EXPECT_EQ(store.find("public", "b"), nullptr);
  EXPECT_EQ(store.get(20000)->owner, "");
}

TEST(Store, VisitsWhatUsersMadeWithoutTheRest) {
  Catalog catalog = empty_catalog();
  catalog.relations.add(table(20000, "a"));
  int users = 0, all = 0;
  catalog.relations.each_of_users([&](const Relation&) { ++users; });
  catalog.relations.each([&](const Relation&) { ++all; });
  EXPECT_EQ(users, 1);
  EXPECT_GT(all, 200);
}

TEST(Catalog, TakesCastsAndExtensionsBack) {
  Catalog catalog = empty_catalog();
  catalog.record();
  const CatalogMark mark = catalog.mark();
  catalog.add_cast({.source = 16, .target = 20, .method = Cast::Method::inout});
  catalog.remove_cast(23, 20);
  catalog.extensions.add({.id = 20000, .schema = "", .name = "citext"});
  EXPECT_NE(catalog.cast(16, 20), nullptr);
  EXPECT_EQ(catalog.cast(23, 20), nullptr);
  catalog.roll_back(mark);
  EXPECT_EQ(catalog.cast(16, 20), nullptr);
  EXPECT_NE(catalog.cast(23, 20), nullptr);
  EXPECT_EQ(catalog.extensions.find("", "citext"), nullptr);
}

TEST(Catalog, LinksManyRelationsThatNameEachOther) {
  Catalog catalog = empty_catalog();
  Relation index = table(20001, "a_key");
  index.kind = RelationKind::index;
  index.index.emplace().table = 20000;
  Relation refers = table(20002, "b");
  refers.constraints = {{.kind = Constraint::Kind::foreign_key, .target = 20000},
                        {.kind = Constraint::Kind::foreign_key, .target = 20000}};
  std::vector<Relation> added;
  added.push_back(std::move(index));
  added.push_back(std::move(refers));
  added.push_back(table(20000, "a"));
  catalog.add_relations(std::move(added));
  EXPECT_EQ(catalog.relations.get(20000)->indexes, std::vector<ObjectId>{20001});
  EXPECT_EQ(catalog.relations.get(20000)->referrers, std::vector<ObjectId>{20002});
}

}  // namespace
}  // namespace martlet
