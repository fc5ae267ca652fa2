#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {

void read_operators(Reading& reading) {
  const std::string operators = fmt::format(
      "SELECT oid, oprnamespace, oprname, oprleft, oprright, oprresult, oprcode::oid FROM pg_operator WHERE oid >= {}",
      reading.first_id);
  reading.each(operators, [&](const CopiedRow& row) {
    const std::string& schema = name_of(reading.schemas, row.id(1));
    if (schema.empty()) return;
    reading.catalog.operators.add({.id = row.id(0),
                                   .schema = schema,
                                   .name = row.text(2),
                                   .left = row.id(3),
                                   .right = row.id(4),
                                   .result = row.id(5),
                                   .function = row.id(6)});
  });
  const std::string classes = fmt::format(
      "SELECT c.oid, c.opcnamespace, c.opcname, c.opcmethod, f.opfname, c.opcintype, c.opcdefault "
      "FROM pg_opclass c JOIN pg_opfamily f ON f.oid = c.opcfamily WHERE c.oid >= {}",
      reading.first_id);
  reading.each(classes, [&](const CopiedRow& row) {
    const std::string& schema = name_of(reading.schemas, row.id(1));
    if (schema.empty()) return;
    reading.catalog.operator_classes.add({.id = row.id(0),
                                          .schema = schema,
                                          .name = row.text(2),
                                          .method = name_of(reading.methods, row.id(3)),
                                          .family = row.text(4),
                                          .type = row.id(5),
                                          .is_default = row.flag(6)});
  });
}

}  // namespace martlet
