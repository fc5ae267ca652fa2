#include "gate/grant_script.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.h"
#include "gate/managed_schemas.h"
#include "history/values.h"
#include "sql/statement.h"

namespace martlet {
namespace {

// Only its owner may alter a thing, so the role must own what migrations alter. What belongs to an extension, and a
// sequence or an index that goes with its table, is left out.
constexpr std::string_view kObjects = R"(
  SELECT * FROM (
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                          WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind,
           format('%I.%I', n.nspname, c.relname) AS name, pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS rls,
           n.nspname AS schema
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.deptype IN ('e', 'a', 'i') AND (d.deptype = 'e' OR c.relkind = 'S'))
    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END,
           p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.prosecdef, n.nspname
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                      AND d.deptype = 'e')
    UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format('%I.%I', n.nspname, t.typname),
           pg_get_userbyid(t.typowner), false, n.nspname
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('d', 'e') OR c.relkind = 'c')
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid
                      AND d.deptype = 'e')) object
  WHERE schema = ANY (string_to_array($1, E'\n')) AND owner <> $2
  ORDER BY schema, kind, name)";

class Script {
 public:
  void comment(std::string_view text) { text_ += fmt::format("\n-- {}\n", text); }
  void line(const std::string& statement) { text_ += statement + ";\n"; }
  void remark(std::string_view text) { text_ += fmt::format("-- {}\n", text); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class GrantScript {
 public:
  GrantScript(HealthSituation& situation, const GrantOrder& order)
      : situation_(situation), order_(order), role_(quote_identifier(order.role)) {}

  std::string write() {
    const Result here = situation_.connection().execute("SELECT current_database()");
    const std::string database = text_of(here.rows.at(0).at(0));
    script_.remark(
        fmt::format("The role that runs migrations of database {}: run this with psql, as a superuser or", database));
    script_.remark("as the owner of these objects who is a member of the new role. It can be run again.");
    script_.remark(
        fmt::format("Set its password yourself, with \\password {}: it does not belong into a script.", role_));
    script_.line("\nBEGIN");
    write_role(quote_identifier(database));
    write_history();
    for (const std::string& schema : managed_schemas(situation_)) write_schema(schema);
    write_extras();
    script_.line("\nCOMMIT");
    return script_.text();
  }

 private:
  void write_role(const std::string& database) {
    script_.comment("may log in, and nothing that concerns other databases");
    script_.line(
        fmt::format("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {}) THEN CREATE "
                    "ROLE {} LOGIN; END IF; END $$",
                    quote_literal(order_.role, Dialect::postgres), role_));
    script_.line(
        fmt::format("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS", role_));
    script_.line(fmt::format("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", database, role_));
  }

  void write_history() {
    const HistoryNames& names = situation_.names;
    script_.comment("owns martlet's own tables");
    if (names.raw_schema != "public") {
      script_.line(fmt::format("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}", names.schema, role_));
      script_.line(fmt::format("ALTER SCHEMA {} OWNER TO {}", names.schema, role_));
    }
    const Result tables = situation_.connection().execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = "
        "ANY (string_to_array($2, ',')) AND tableowner <> $3 ORDER BY 1",
        {names.raw_schema, join(names.raw_tables(), ","), order_.role});
    for (const Row& row : tables.rows) script_.line(fmt::format("ALTER TABLE {} OWNER TO {}", text_of(row[0]), role_));
  }

  void write_schema(const std::string& schema) {
    const std::string quoted = quote_identifier(schema);
    script_.comment(fmt::format("changes what is in schema {}", quoted));
    script_.line(fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO {}", quoted, role_));
    const Result objects = situation_.connection().execute(std::string(kObjects), {schema, order_.role});
    std::set<std::string> owners;
    for (const Row& row : objects.rows) {
      const std::string kind = text_of(row[0]), name = text_of(row[1]), owner = quote_identifier(text_of(row[2]));
      if (is_own_table(name)) continue;
      write_object(kind, name, owner, truth_of(row[3]));
      owners.insert(owner);
    }
    for (const std::string& owner : owners) write_future(quoted, owner);
  }

  bool is_own_table(const std::string& name) const {
    const HistoryNames& names = situation_.names;
    for (const std::string& table : names.raw_tables()) {
      if (name == names.schema + "." + quote_identifier(table) || name == names.raw_schema + "." + table) return true;
    }
    return false;
  }

  // Who owned it goes on using it as before.
  void write_object(const std::string& kind, const std::string& name, const std::string& owner, bool special) {
    const bool routine = kind == "FUNCTION" || kind == "PROCEDURE" || kind == "AGGREGATE";
    if (routine && special) {
      script_.remark(
          fmt::format("{} {} runs with its owner's rights (SECURITY DEFINER): it stays with {}", kind, name, owner));
      return;
    }
    script_.line(fmt::format("ALTER {} {} OWNER TO {}", kind, name, role_));
    if (routine || kind == "TYPE" || kind == "DOMAIN") return;
    const std::string object = kind == "SEQUENCE" ? "SEQUENCE " + name : name;
    const std::string rights =
        kind == "SEQUENCE" ? "USAGE, SELECT, UPDATE" : "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER";
    script_.line(fmt::format("GRANT {} ON {} TO {}", rights, object, owner));
    if (special) {
      script_.remark(
          fmt::format("careful: as its owner, {} was exempt from the row-level policies of {}", owner, name));
    }
  }

  // What migrations make from now on, the application may use as what it made itself.
  void write_future(const std::string& schema, const std::string& owner) {
    script_.line(
        fmt::format("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT SELECT, INSERT, UPDATE, DELETE ON "
                    "TABLES TO {}",
                    role_, schema, owner));
    script_.line(fmt::format("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA {} GRANT USAGE, SELECT ON SEQUENCES TO {}",
                             role_, schema, owner));
  }

  void write_extras() {
    script_.comment("sees who is in the way, and how the server is");
    script_.line(fmt::format("GRANT pg_monitor TO {}", role_));
    if (order_.kills) {
      script_.comment("may end sessions that are in the way (kill_blockers_after)");
      script_.line(fmt::format("GRANT pg_signal_backend TO {}", role_));
    }
    if (!order_.backups) return;
    script_.comment("reads everything for the backup before a run; a restore is for an administrator");
    if (situation_.connection().version() >= 140000) {
      script_.line(fmt::format("GRANT pg_read_all_data TO {}", role_));
    } else {
      script_.remark("PostgreSQL 13 has no role for that: GRANT SELECT on what is in other schemas");
    }
  }

  HealthSituation& situation_;
  const GrantOrder& order_;
  const std::string role_;
  Script script_;
};

}  // namespace

std::string grant_script(HealthSituation& situation, const GrantOrder& order) {
  return GrantScript(situation, order).write();
}

}  // namespace martlet
