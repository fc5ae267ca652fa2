#include "migration/folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "migration/graph.h"
#include "migration/layout.h"
#include "migration/load.h"

namespace martlet {
namespace {

constexpr std::string_view kDefaultLayout = "flyway";

struct Claim {
  const Layout* layout;
  std::vector<std::string> files;
};

std::vector<Claim> claims_on(const Listing& listing) {
  std::vector<Claim> claims;
  for (const Layout* layout : Registry<Layout>::all()) {
    auto files = layout->claims(listing);
    if (!files.empty()) claims.push_back({layout, std::move(files)});
  }
  return claims;
}

const Layout& named_layout(const std::string& id) {
  if (const Layout* layout = Registry<Layout>::find(id)) return *layout;
  std::vector<std::string> ids;
  for (const Layout* layout : Registry<Layout>::all()) ids.emplace_back(layout->id);
  const auto near = nearest(id, ids);
  throw Error(ErrorKind::usage, fmt::format("there is no layout `{}`", id))
      .next(near ? fmt::format("did you mean `{}`? set `[migrations] layout`", *near)
                 : fmt::format("set `[migrations] layout` to auto, {}", join(ids, ", ")));
}

const Layout& detected_layout(const std::vector<Claim>& claims, const std::string& path) {
  if (claims.empty()) return named_layout(std::string(kDefaultLayout));
  if (claims.size() == 1) return *claims.front().layout;
  std::vector<std::string> examples;
  for (const Claim& claim : claims) examples.push_back(fmt::format("{} ({})", claim.files.front(), claim.layout->id));
  throw Error(ErrorKind::validation,
              fmt::format("the folder holds files of {} layouts: {}", claims.size(), join(examples, ", ")))
      .at({path})
      .next(fmt::format("move the files of one layout to another folder, or set `[migrations] layout = \"{}\"`",
                        claims.front().layout->id));
}

// Whoever names the layout has said that the files of another one are not meant.
void excuse_other_layouts(Folder& folder, const std::vector<Claim>& claims) {
  for (Finding& finding : folder.problems) {
    if (finding.id != "unknown-file") continue;
    for (const Claim& claim : claims) {
      const bool theirs = std::any_of(claim.files.begin(), claim.files.end(), [&](const std::string& file) {
        return in_folder(folder, file) == finding.place.file;
      });
      if (!theirs || claim.layout->id == folder.layout) continue;
      finding.severity = Finding::Severity::warning;
      finding.message =
          fmt::format("left out: a file of the {} layout, and `{}` is set", claim.layout->id, folder.layout);
      finding.next = "move it to another folder";
    }
  }
}

}  // namespace

const Migration* Folder::find(std::string_view id) const {
  const auto found = std::find_if(migrations.begin(), migrations.end(),
                                  [&](const Migration& migration) { return migration.id == id; });
  return found == migrations.end() ? nullptr : &*found;
}

Folder read_folder(const FolderOptions& options) {
  Folder folder;
  folder.path = options.path.size() > 1 && options.path.ends_with('/') ? options.path.substr(0, options.path.size() - 1)
                                                                       : options.path;
  const Listing listing = list_migrations(folder.path);
  const std::vector<Claim> claims = claims_on(listing);
  const bool detect = options.layout.empty() || options.layout == "auto";
  const Layout& layout = detect ? detected_layout(claims, folder.path) : named_layout(options.layout);
  folder.layout = layout.id;
  folder.migrations.reserve(listing.files.size());
  layout.read(listing, folder);
  if (!detect) excuse_other_layouts(folder, claims);
  order_by_graph(folder);
  return folder;
}

}  // namespace martlet
