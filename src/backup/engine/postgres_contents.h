// The sums of a restored database, from its rows.
#pragma once

#include <string>
#include <vector>

#include "backup/manifest.h"
#include "db/url.h"

namespace martlet {

std::vector<std::string> compare_postgres(const Url& url, const BackupHeader& header, const Contents& expected);

}  // namespace martlet
