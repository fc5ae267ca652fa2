// read_catalog URL: reads a database's catalog once and says how much it holds. Measured from outside, so that its
// figures contain what every program has to do: start, connect, and free its memory.
#include <cstdio>

#include "base/error.h"
#include "db/connection.h"
#include "schema/catalog.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: read_catalog URL\n");
    return 2;
  }
  try {
    const auto connection = martlet::open_connection(martlet::Url::parse(argv[1]));
    const martlet::Catalog catalog = martlet::read_catalog(*connection);
    std::size_t relations = 0, columns = 0;
    catalog.relations.each_of_users([&](const martlet::Relation& relation) {
      ++relations;
      columns += relation.columns.size();
    });
    std::printf("%zu relations, %zu columns\n", relations, columns);
  } catch (const martlet::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
