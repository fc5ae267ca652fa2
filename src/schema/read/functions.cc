#include <fmt/format.h>

#include "db/connection.h"
#include "schema/letters.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr std::string_view kFunctions =
    "SELECT oid, pronamespace, proname, prokind, proargtypes, pronargdefaults, provariadic <> 0, prorettype, "
    "proretset, "
    "provolatile, prosecdef, EXISTS (SELECT FROM unnest(proconfig) AS c(setting) WHERE setting LIKE 'search_path=%'), "
    "prolang, CASE WHEN oid >= 16384 THEN prosrc END, proisstrict, proowner, "
    "CASE WHEN oid >= 16384 THEN proargnames END, CASE WHEN oid >= 16384 THEN array_to_string(proargmodes, '') END "
    "FROM pg_proc WHERE oid >= {}";

void take_function(Reading& reading, const CopiedRow& row) {
  Function function{.id = row.id(0), .schema = name_of(reading.schemas, row.id(1)), .name = row.text(2)};
  if (function.schema.empty()) return;
  function.kind = function_kind(row.letter(3));
  function.arguments = row.ids(4);
  function.defaults = row.integer(5);
  function.variadic = row.flag(6);
  function.returns = row.id(7);
  function.returns_set = row.flag(8);
  function.volatility = volatility(row.letter(9));
  function.security_definer = row.flag(10);
  function.sets_search_path = row.flag(11);
  function.language = name_of(reading.languages, row.id(12));
  if (function.language == "sql" || function.language == "plpgsql") function.body = row.text(13);
  function.strict = row.flag(14);
  function.owner = name_of(reading.roles, row.id(15));
  function.argument_names = row.texts(16);
  function.argument_modes = row.text(17);
  reading.catalog.functions.add(std::move(function));
}

}  // namespace

void read_functions(Reading& reading) {
  reading.each(fmt::format(kFunctions, reading.first_id), [&](const CopiedRow& row) { take_function(reading, row); });
}

}  // namespace martlet
