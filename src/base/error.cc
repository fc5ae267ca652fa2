#include "base/error.h"

#include <array>

namespace martlet {
namespace {

struct KindRow {
  ErrorKind kind;
  int exit_code;
  std::string_view name;
};

constexpr std::array kKinds{
    KindRow{ErrorKind::migration_failed, 1, "migration_failed"},
    KindRow{ErrorKind::usage, 2, "usage"},
    KindRow{ErrorKind::validation, 4, "validation"},
    KindRow{ErrorKind::lock, 5, "lock"},
    KindRow{ErrorKind::partial, 6, "partial"},
    KindRow{ErrorKind::drift, 7, "drift"},
    KindRow{ErrorKind::connection, 8, "connection"},
    KindRow{ErrorKind::refused, 9, "refused"},
    KindRow{ErrorKind::cancelled, 1, "cancelled"},
    KindRow{ErrorKind::internal, 1, "internal"},
};

const KindRow& row_of(ErrorKind kind) {
  for (const KindRow& row : kKinds) {
    if (row.kind == kind) return row;
  }
  return kKinds.front();
}

}  // namespace

std::string Place::text() const {
  std::string text = file;
  if (line > 0) text += ":" + std::to_string(line);
  if (line > 0 && column > 0) text += ":" + std::to_string(column);
  return text;
}

int exit_code(ErrorKind kind) {
  return row_of(kind).exit_code;
}
std::string_view kind_name(ErrorKind kind) {
  return row_of(kind).name;
}

}  // namespace martlet
