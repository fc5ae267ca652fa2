// Who runs martlet: from the operating system, and from the variables that CI services set for every job.
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "base/digest.h"
#include "history/ledger.h"

namespace martlet {
namespace {

/// How one CI service tells a job about itself: variable names; nullptr = it has none.
struct CiService {
  std::string_view name;
  const char* mark;  // set by this service only
  const char* user;
  const char* run;
  const char* project;
};

constexpr std::array kServices{
    CiService{"github-actions", "GITHUB_ACTIONS", "GITHUB_ACTOR", "GITHUB_RUN_ID", "GITHUB_REPOSITORY"},
    CiService{"gitlab-ci", "GITLAB_CI", "GITLAB_USER_LOGIN", "CI_PIPELINE_ID", "CI_PROJECT_PATH"},
    CiService{"jenkins", "JENKINS_URL", "BUILD_USER_ID", "BUILD_NUMBER", "JOB_NAME"},
    CiService{"circleci", "CIRCLECI", "CIRCLE_USERNAME", "CIRCLE_BUILD_NUM", "CIRCLE_PROJECT_REPONAME"},
    CiService{"buildkite", "BUILDKITE", "BUILDKITE_BUILD_CREATOR", "BUILDKITE_BUILD_NUMBER", "BUILDKITE_PIPELINE_SLUG"},
    CiService{"azure-pipelines", "TF_BUILD", "BUILD_REQUESTEDFOR", "BUILD_BUILDID", "BUILD_REPOSITORY_NAME"},
    CiService{"ci", "CI", nullptr, nullptr, nullptr},
};

std::string variable(const char* name) {
  const char* value = name ? std::getenv(name) : nullptr;
  return value ? value : "";
}

const CiService* current_service() {
  for (const CiService& service : kServices) {
    const std::string mark = variable(service.mark);
    if (!mark.empty() && mark != "false") return &service;
  }
  return nullptr;
}

std::string describe(const CiService& service) {
  std::string text(service.name);
  if (const std::string run = variable(service.run); !run.empty()) text += " run " + run;
  if (const std::string project = variable(service.project); !project.empty()) text += " of " + project;
  return text;
}

std::string os_user() {
  const uid_t uid = geteuid();
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
  return "uid " + std::to_string(uid);
}

std::string host_name() {
  std::array<char, 256> buffer{};
  if (gethostname(buffer.data(), buffer.size() - 1) != 0) return "unknown host";
  return buffer.data();
}

}  // namespace

Identity Identity::detect(const std::string& actor, const std::string& ticket) {
  const CiService* service = current_service();
  Identity who;
  who.actor = actor;
  if (who.actor.empty() && service) who.actor = variable(service->user);
  if (who.actor.empty()) who.actor = os_user();
  who.host = host_name();
  who.ci = service ? describe(*service) : "";
  who.ticket = ticket;
  who.pid = getpid();
  who.run_id = random_hex(8);
  who.application = "martlet/" + who.run_id;
  return who;
}

}  // namespace martlet
