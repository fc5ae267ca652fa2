#define OPENSSL_SUPPRESS_DEPRECATED
#include "plain_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace {

std::vector<std::string> list_names(const std::string& folder) {
  DIR* entries = opendir(folder.c_str());
  if (entries == nullptr) fail("cannot open " + folder);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(entries)) {
    if (entry->d_name[0] == 'V') names.emplace_back(entry->d_name);
  }
  closedir(entries);
  std::sort(names.begin(), names.end());
  return names;
}

std::string version_of(const std::string& name) {
  return name.substr(1, name.find("__") - 1);
}

std::string read_whole(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  if (file < 0 || fstat(file, &facts) != 0) fail("cannot open " + path);
  std::string content(static_cast<std::size_t>(facts.st_size), '\0');
  if (read(file, content.data(), content.size()) != facts.st_size) fail("cannot read " + path);
  close(file);
  return content;
}

std::string digest_of(const std::string& content) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, content.data(), content.size());
  SHA256_Final(digest, &context);
  std::string text;
  for (const unsigned char byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace

Order parse_order(int argc, char** argv) {
  static constexpr std::pair<std::string_view, Job> kJobs[] = {{"each", Job::apply_each},
                                                               {"window", Job::apply_window},
                                                               {"all", Job::apply_all},
                                                               {"nothing", Job::nothing_to_do},
                                                               {"status", Job::status}};
  if (argc == 4) {
    for (const auto& [name, job] : kJobs) {
      if (name == argv[1]) return {job, argv[2], argv[3]};
    }
  }
  std::fprintf(stderr, "usage: %s each|window|all|nothing|status FOLDER TARGET\n", argv[0]);
  std::exit(2);
}

std::vector<PlainFile> read_files(const std::string& folder) {
  std::vector<PlainFile> files;
  for (const std::string& name : list_names(folder)) {
    std::string content = read_whole(folder + "/" + name);
    std::string digest = digest_of(content);
    content.resize(std::min(content.size(), content.find("-- martlet:down")));
    files.push_back({version_of(name), std::move(content), std::move(digest)});
  }
  return files;
}

void check_nothing_to_do(const Applied& applied, const std::string& folder) {
  for (const PlainFile& file : read_files(folder)) {
    const auto row = applied.find(file.version);
    if (row == applied.end() || row->second != file.digest) fail("pending or edited: " + file.version);
  }
}

void print_status(const Applied& applied, const std::string& folder) {
  for (const std::string& name : list_names(folder)) {
    const std::string version = version_of(name);
    std::printf("%s %s\n", version.c_str(), applied.contains(version) ? "applied" : "pending");
  }
}

void fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(1);
}
