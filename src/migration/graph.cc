#include "migration/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <queue>

#include "base/text.h"
#include "migration/load.h"
#include "migration/version.h"

namespace martlet {
namespace {

using Index = std::size_t;

struct Graph {
  std::vector<std::vector<Index>> follows;  // by migration: what must run before it
  bool forward = false;                     // some migration depends on a later version
};

bool runs_before(const Migration& a, const Migration& b) {
  const bool a_last = a.kind == MigrationKind::repeatable;
  const bool b_last = b.kind == MigrationKind::repeatable;
  if (a_last != b_last) return b_last;
  if (a_last) return a.name < b.name;
  if (const int order = compare_versions(a.version, b.version); order != 0) return order < 0;
  if (a.kind != b.kind) return a.kind == MigrationKind::versioned;  // a baseline comes behind what it stands for
  return a.file < b.file;
}

// Moves the migrations into the order of `order`; they are large, so each moves once.
void arrange(std::vector<Migration>& migrations, const std::vector<Index>& order) {
  if (std::is_sorted(order.begin(), order.end())) return;
  std::vector<Migration> arranged;
  arranged.reserve(migrations.size());
  for (const Index index : order) arranged.push_back(std::move(migrations[index]));
  migrations = std::move(arranged);
}

void sort_by_version(std::vector<Migration>& migrations) {
  if (std::is_sorted(migrations.begin(), migrations.end(), runs_before)) return;  // as a listing mostly is
  std::vector<Index> order(migrations.size());
  for (Index i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return runs_before(migrations[a], migrations[b]); });
  arrange(migrations, order);
}

Index count_versions(const Folder& folder) {
  const auto first_repeatable =
      std::find_if(folder.migrations.begin(), folder.migrations.end(),
                   [](const Migration& migration) { return migration.kind == MigrationKind::repeatable; });
  return static_cast<Index>(first_repeatable - folder.migrations.begin());
}

void report_duplicates(Folder& folder) {
  for (Index i = 1; i < folder.migrations.size(); ++i) {
    const Migration& first = folder.migrations[i - 1];
    const Migration& second = folder.migrations[i];
    if (first.kind != second.kind) continue;
    if (second.kind == MigrationKind::repeatable) {
      if (first.id != second.id) continue;
      folder.problems.push_back({Finding::Severity::error,
                                 "duplicate-name",
                                 {second.file},
                                 fmt::format("the repeatable {} is also in {}", second.id, first.file),
                                 "rename one of the two files"});
    } else if (compare_versions(first.version, second.version) == 0) {
      folder.problems.push_back({Finding::Severity::error,
                                 "duplicate-version",
                                 {second.file},
                                 fmt::format("version {} is also in {}", second.version, first.file),
                                 "give one of them the next free version with `martlet renumber`"});
    }
  }
}

// Finds what `depends` names: an id, a label, a file's stem, or the same version written in another way.
class Names {
 public:
  Names(const std::vector<Migration>& migrations, Index count) : migrations_(migrations), count_(count) {}

  std::optional<Index> find(const std::string& name) {
    if (index_.empty()) fill();
    if (const auto found = index_.find(name); found != index_.end()) return found->second;
    std::string_view version = name;
    if (version.size() > 1 && (version[0] == 'V' || version[0] == 'v')) version.remove_prefix(1);
    if (!is_version(version)) return std::nullopt;
    for (Index i = 0; i < count_; ++i) {
      if (compare_versions(migrations_[i].version, version) == 0) return i;
    }
    return std::nullopt;
  }

  std::vector<std::string> labels() const {
    std::vector<std::string> labels;
    for (Index i = 0; i < count_; ++i) labels.push_back(migrations_[i].label);
    return labels;
  }

 private:
  void fill() {
    for (Index i = 0; i < count_; ++i) {
      const Migration& migration = migrations_[i];
      index_.emplace(migration.id, i);
      index_.emplace(migration.label, i);
      index_.emplace(stem_of(migration.file), i);
    }
  }
  const std::vector<Migration>& migrations_;
  Index count_;
  std::map<std::string, Index, std::less<>> index_;
};

Place depends_place(const Migration& migration) {
  for (const Directive& directive : migration.directives) {
    if (directive.name == "depends") return directive.place;
  }
  return {migration.file};
}

void link_explicit(Folder& folder, Index count, Graph& graph) {
  Names names(folder.migrations, count);
  for (Index i = 0; i < folder.migrations.size(); ++i) {
    Migration& migration = folder.migrations[i];
    for (std::string& name : migration.depends) {
      const auto found = names.find(name);
      if (!found) {
        const auto near = nearest(name, names.labels());
        folder.problems.push_back({Finding::Severity::error, "unknown-dependency", depends_place(migration),
                                   fmt::format("{} depends on {}, which is not in the folder", migration.label, name),
                                   near ? fmt::format("did you mean {}?", *near) : "name a version of this folder"});
        continue;
      }
      name = folder.migrations[*found].id;
      if (i >= count) continue;  // repeatables run behind all versions anyhow
      graph.follows[i].push_back(*found);
      graph.forward |= *found >= i;
    }
  }
}

bool reaches(const Graph& graph, Index from, Index to) {
  std::vector<bool> seen(graph.follows.size());
  std::vector<Index> open{from};
  while (!open.empty()) {
    const Index at = open.back();
    open.pop_back();
    if (at == to) return true;
    if (seen[at]) continue;
    seen[at] = true;
    open.insert(open.end(), graph.follows[at].begin(), graph.follows[at].end());
  }
  return false;
}

void link_implicit(const Folder& folder, Index count, Graph& graph) {
  for (Index i = 1; i < count; ++i) {
    if (!folder.migrations[i].depends.empty()) continue;
    for (Index before = i; before-- > 0;) {
      // A baseline stands for the versions up to it: what comes later follows those.
      if (before > 0 && folder.migrations[before].kind == MigrationKind::baseline) continue;
      if (graph.forward && reaches(graph, before, i)) continue;
      graph.follows[i].push_back(before);
      break;
    }
  }
}

// Dependencies first, among those that are free the lowest version; shorter than all where there is a cycle.
std::vector<Index> topological_order(const Graph& graph) {
  std::vector<std::vector<Index>> followers(graph.follows.size());
  std::vector<Index> waiting_for(graph.follows.size());
  std::priority_queue<Index, std::vector<Index>, std::greater<>> free;
  for (Index i = 0; i < graph.follows.size(); ++i) {
    waiting_for[i] = graph.follows[i].size();
    for (const Index before : graph.follows[i]) followers[before].push_back(i);
    if (waiting_for[i] == 0) free.push(i);
  }
  std::vector<Index> order;
  while (!free.empty()) {
    const Index at = free.top();
    free.pop();
    order.push_back(at);
    for (const Index follower : followers[at]) {
      if (--waiting_for[follower] == 0) free.push(follower);
    }
  }
  return order;
}

// Follows dependencies from a migration that could not be ordered until one comes again.
void report_cycle(Folder& folder, const Graph& graph, const std::vector<Index>& ordered) {
  std::vector<bool> done(graph.follows.size());
  for (const Index index : ordered) done[index] = true;
  const auto stuck = [&](Index index) { return !done[index]; };
  Index at = 0;
  while (!stuck(at)) ++at;
  std::vector<Index> path;
  while (std::find(path.begin(), path.end(), at) == path.end()) {
    path.push_back(at);
    at = *std::find_if(graph.follows[at].begin(), graph.follows[at].end(), stuck);
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), at));
  std::vector<std::string> labels;
  for (const Index index : path) labels.push_back(folder.migrations[index].label);
  labels.push_back(folder.migrations[at].label);
  folder.problems.push_back({Finding::Severity::error, "dependency-cycle", depends_place(folder.migrations[at]),
                             fmt::format("the versions depend on each other: {}", join(labels, " -> ")),
                             "remove one of the `-- martlet:depends` lines of the cycle"});
}

std::vector<Index> heads_of(const Folder& folder, const Graph& graph) {
  std::vector<bool> followed(graph.follows.size());
  bool versions = false;
  for (Index i = 0; i < graph.follows.size(); ++i) {
    if (folder.migrations[i].kind == MigrationKind::baseline) continue;
    versions = true;
    for (const Index before : graph.follows[i]) followed[before] = true;
  }
  std::vector<Index> heads;
  for (Index i = 0; i < graph.follows.size(); ++i) {
    const bool counts = !versions || folder.migrations[i].kind == MigrationKind::versioned;
    if (counts && !followed[i]) heads.push_back(i);
  }
  // Several baselines and nothing else: the last one is where a new database begins.
  if (!versions && heads.size() > 1) heads.erase(heads.begin(), heads.end() - 1);
  return heads;
}

void report_heads(Folder& folder, const Graph& graph) {
  const std::vector<Index> heads = heads_of(folder, graph);
  // Where a dependency is not known, what looks like a head may be followed by something.
  const bool certain = std::none_of(folder.problems.begin(), folder.problems.end(),
                                    [](const Finding& finding) { return finding.id == "unknown-dependency"; });
  if (heads.size() < 2 || !certain) return;
  std::vector<std::string> labels;
  for (const Index index : heads) labels.push_back(folder.migrations[index].label);
  folder.problems.push_back({Finding::Severity::error,
                             "several-heads",
                             {folder.migrations[heads.back()].file},
                             fmt::format("the version graph has {} heads: {}", heads.size(), join(labels, ", ")),
                             "join them with `martlet merge`, or make one depend on the other"});
}

}  // namespace

void order_by_graph(Folder& folder) {
  sort_by_version(folder.migrations);
  report_duplicates(folder);
  const Index count = count_versions(folder);
  Graph graph{std::vector<std::vector<Index>>(count)};
  link_explicit(folder, count, graph);
  link_implicit(folder, count, graph);
  std::vector<Index> order = topological_order(graph);
  if (order.size() < count) return report_cycle(folder, graph, order);
  report_heads(folder, graph);
  for (Index i = count; i < folder.migrations.size(); ++i) order.push_back(i);
  arrange(folder.migrations, order);
}

std::vector<const Migration*> heads(const Folder& folder) {
  // The folder is in run order, which is version order only where nothing depends on a later version.
  std::vector<const Migration*> versions;
  for (const Migration& migration : folder.migrations) {
    if (migration.kind != MigrationKind::repeatable) versions.push_back(&migration);
  }
  std::stable_sort(versions.begin(), versions.end(),
                   [](const Migration* a, const Migration* b) { return runs_before(*a, *b); });
  Folder sorted;
  for (const Migration* migration : versions) {
    Migration& copy = sorted.migrations.emplace_back();
    copy.id = migration->id, copy.label = migration->label, copy.version = migration->version;
    copy.file = migration->file, copy.kind = migration->kind, copy.depends = migration->depends;
  }
  Graph graph{std::vector<std::vector<Index>>(versions.size())};
  link_explicit(sorted, versions.size(), graph);
  link_implicit(sorted, versions.size(), graph);
  std::vector<const Migration*> found;
  for (const Index index : heads_of(sorted, graph)) found.push_back(versions[index]);
  return found;
}

}  // namespace martlet
