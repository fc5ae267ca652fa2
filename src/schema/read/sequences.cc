#include "db/connection.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

// An owned sequence depends on its column automatically, an identity column's internally. What a default draws from,
// read_uses() finds.
constexpr std::string_view kSequences =
    "SELECT s.seqrelid, s.seqtypid, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, "
    "d.refobjid, d.refobjsubid FROM pg_sequence s LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass "
    "AND d.objid = s.seqrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 "
    "AND d.deptype IN ('a', 'i')";

void take_owner(Reading& reading, Relation& sequence, ColumnUse owner) {
  Relation* table = reading.relation(owner.relation);
  Column* column = table ? table->column(owner.column) : nullptr;
  if (!column) return;
  sequence.owned_by = owner;
  if (column->identity != Column::Identity::none) column->owned_sequence = sequence.id;
}

}  // namespace

void read_sequences(Reading& reading) {
  reading.each(kSequences, [&](const CopiedRow& row) {
    Relation* sequence = reading.relation(row.id(0));
    if (!sequence) return;
    sequence->sequence = {.type = row.id(1),
                          .start = row.number(2),
                          .increment = row.number(3),
                          .minimum = row.number(4),
                          .maximum = row.number(5),
                          .cache = row.number(6),
                          .cycles = row.flag(7)};
    take_owner(reading, *sequence, {row.id(8), row.integer(9)});
  });
}

}  // namespace martlet
