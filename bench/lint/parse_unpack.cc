// parse_unpack FILE…: parses each file with PostgreSQL's own parser and makes the nodes: what any linter on top of that
// parser pays before it has judged anything.
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  std::size_t statements = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i]);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    PgQueryProtobufParseResult result = pg_query_parse_protobuf(text.c_str());
    if (result.error) {
      std::fprintf(stderr, "%s: %s\n", argv[i], result.error->message);
      return 1;
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(result.parse_tree.data);
    PgQuery__ParseResult* tree = pg_query__parse_result__unpack(nullptr, result.parse_tree.len, bytes);
    statements += tree->n_stmts;
    pg_query__parse_result__free_unpacked(tree, nullptr);
    pg_query_free_protobuf_parse_result(result);
  }
  std::printf("%zu statements\n", statements);
}
