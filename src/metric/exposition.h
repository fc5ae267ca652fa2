// Figures in the text format of Prometheus.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace martlet {

struct MetricFamily {
  std::string_view name;  // "martlet_runs_total"
  std::string_view type;  // "counter", "gauge"
  std::string_view help;
};

using MetricLabels = std::vector<std::pair<std::string_view, std::string>>;

/// The series of some families.
class Exposition {
 public:
  explicit Exposition(std::span<const MetricFamily> families) : families_(families) {}

  /// Takes over the series of a text that text() made: of the known families, the rest is dropped.
  void read(std::string_view text);
  void set(std::string_view family, const MetricLabels& labels, double value);
  void add(std::string_view family, const MetricLabels& labels, double value);
  /// By family, in their order; those without a series are left out.
  std::string text() const;

 private:
  std::span<const MetricFamily> families_;
  std::map<std::string, std::map<std::string, double>, std::less<>> series_;  // family → labels → value
};

}  // namespace martlet
