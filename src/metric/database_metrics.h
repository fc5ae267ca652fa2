// What the database says about itself and the run that is at work, for Prometheus.
#pragma once

#include <string>

#include "db/connection.h"
#include "history/names.h"
#include "migration/folder.h"

namespace martlet {

/// Where to look, and what the series are labelled with.
struct MetricTarget {
  Url url;
  FolderOptions folder;
  HistoryOptions history;
  std::string environment, application_name;
};

/// Connects, looks, and writes it down. A database that cannot be reached, or whose history cannot be read, is one
/// series, martlet_up 0: that is an answer, too.
std::string database_metrics(const MetricTarget& target);

}  // namespace martlet
