#include "run/use.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(IsNamedIn, ByTheWordsOfTheQuery) {
  const OldName column{"public.orders", "total"};
  for (const char* query :
       {"SELECT total FROM orders", "select o.TOTAL from public.Orders o", "UPDATE orders SET total = $1",
        "SELECT \"total\" FROM \"orders\"", "INSERT INTO orders (id, total) VALUES ($1, $2)"}) {
    EXPECT_TRUE(is_named_in(query, column)) << query;
  }
  for (const char* query : {"SELECT amount FROM orders", "SELECT total FROM carts", "SELECT 'total' FROM orders",
                            "SELECT /* total */ 1 FROM orders", "SELECT \"Total\" FROM orders"}) {
    EXPECT_FALSE(is_named_in(query, column)) << query;
  }
}

TEST(IsNamedIn, ATableByItsNameAlone) {
  const OldName table{"shop.\"Old \"\"carts\"\"\"", ""};
  EXPECT_TRUE(is_named_in("SELECT * FROM shop.\"Old \"\"carts\"\"\"", table));
  EXPECT_FALSE(is_named_in("SELECT * FROM shop.carts", table));
}

TEST(IsNamedIn, NotATableOfAnotherSchema) {
  const OldName table{"public.orders", ""}, column{"public.orders", "total"};
  for (const char* query :
       {"SELECT * FROM orders", "SELECT * FROM public.orders", "SELECT * FROM \"public\".orders o"}) {
    EXPECT_TRUE(is_named_in(query, table)) << query;
  }
  EXPECT_FALSE(is_named_in("SELECT * FROM shop.orders", table));
  EXPECT_FALSE(is_named_in("SELECT total FROM shop.orders", column));
  EXPECT_TRUE(is_named_in("SELECT orders.total FROM orders", column));
}

}  // namespace
}  // namespace martlet
