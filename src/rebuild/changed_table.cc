#include "rebuild/changed_table.h"

#include <fmt/format.h>

#include "base/text.h"

namespace martlet {
namespace {

using Kind = TableAction::Kind;

[[noreturn]] void refuse(const TableChange& change, const std::string& why) {
  throw Error(ErrorKind::migration_failed, fmt::format("{}: {}", change.shown, why));
}

class Applying {
 public:
  Applying(const TableChange& change, TableText text) : change_(change), result_{std::move(text), {}, {}, {}} {}

  ChangedTable run() {
    for (const TableAction& action : change_.actions) {
      switch (action.kind) {
        case Kind::add_column:
          add_column(action);
          break;
        case Kind::add_constraint:
          add_constraint(action);
          break;
        case Kind::drop_constraint:
          drop_constraint(action);
          break;
        default:
          change_column(action);
      }
    }
    return std::move(result_);
  }

 private:
  void add_column(const TableAction& action) {
    if (result_.text.has_column(action.name)) {
      if (action.if_exists) return;
      refuse(change_, fmt::format("the column {} is there already", action.shown));
    }
    result_.text.add_column(action.definition);
    result_.added.insert(action.name);
  }

  void add_constraint(const TableAction& action) {
    if (!action.name.empty() && result_.text.has_constraint(action.name)) {
      refuse(change_, fmt::format("a constraint {} is there already", action.shown));
    }
    result_.text.add_constraint(action.definition);
  }

  void drop_constraint(const TableAction& action) {
    if (result_.text.has_constraint(action.name)) return result_.text.drop_constraint(action.name);
    if (action.if_exists) return;
    const std::vector<std::string> names = result_.text.constraint_names();
    refuse(change_,
           fmt::format("there is no constraint {}; {}", action.shown,
                       names.empty() ? "none of its constraints has a name" : "named are: " + join(names, ", ")));
  }

  void change_column(const TableAction& action) {
    if (!result_.text.has_column(action.name)) {
      if (action.if_exists) return;
      refuse(change_, fmt::format("there is no column {}", action.shown));
    }
    TableText& text = result_.text;
    switch (action.kind) {
      case Kind::set_type:
        set_type(action);
        break;
      case Kind::set_not_null:
        text.set_not_null(action.name);
        break;
      case Kind::drop_not_null:
        text.drop_not_null(action.name);
        break;
      case Kind::set_default:
        text.set_default(action.name, action.definition);
        break;
      case Kind::drop_default:
        text.drop_default(action.name);
        break;
      default:
        text.drop_column(action.name);
    }
  }

  void set_type(const TableAction& action) {
    result_.text.set_type(action.name, action.definition);
    result_.types[action.name] = action.definition;
    if (!action.value.empty()) result_.values[action.name] = action.value;
  }

  const TableChange& change_;
  ChangedTable result_;
};

}  // namespace

ChangedTable apply(const TableChange& change, TableText text) {
  return Applying(change, std::move(text)).run();
}

}  // namespace martlet
