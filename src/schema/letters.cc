#include "schema/letters.h"

namespace martlet {

RelationKind relation_kind(char relkind) {
  switch (relkind) {
    case 'p':
      return RelationKind::partitioned_table;
    case 'i':
      return RelationKind::index;
    case 'I':
      return RelationKind::partitioned_index;
    case 'S':
      return RelationKind::sequence;
    case 'v':
      return RelationKind::view;
    case 'm':
      return RelationKind::materialized_view;
    case 'f':
      return RelationKind::foreign_table;
    case 'c':
      return RelationKind::composite_type;
    default:
      return RelationKind::table;
  }
}

Persistence persistence(char relpersistence) {
  return relpersistence == 'u'   ? Persistence::unlogged
         : relpersistence == 't' ? Persistence::temporary
                                 : Persistence::permanent;
}

Type::Kind type_kind(char typtype) {
  switch (typtype) {
    case 'e':
      return Type::Kind::enumeration;
    case 'd':
      return Type::Kind::domain;
    case 'c':
      return Type::Kind::composite;
    case 'r':
      return Type::Kind::range;
    case 'm':
      return Type::Kind::multirange;
    case 'p':
      return Type::Kind::pseudo;
    default:
      return Type::Kind::base;
  }
}

Function::Kind function_kind(char prokind) {
  switch (prokind) {
    case 'p':
      return Function::Kind::procedure;
    case 'a':
      return Function::Kind::aggregate;
    case 'w':
      return Function::Kind::window;
    default:
      return Function::Kind::function;
  }
}

Volatility volatility(char provolatile) {
  return provolatile == 'i' ? Volatility::immutable : provolatile == 's' ? Volatility::stable : Volatility::volatile_;
}

}  // namespace martlet
