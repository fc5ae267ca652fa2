// measure LOG PROGRAM [ARGUMENT…]: runs a program once and prints "<wall µs> <peak resident kB> <exit code>".
// A small program of its own because the kernel counts the peak of the process that forks into the child's peak: a
// Python parent would put its own 10 MB under every figure.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: measure LOG PROGRAM [ARGUMENT...]\n");
    return 2;
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);

  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  if (const int error = posix_spawnp(&child, argv[2], &files, nullptr, argv + 2, environ)) {
    std::fprintf(stderr, "measure: cannot run %s: %s\n", argv[2], std::strerror(error));
    return 2;
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  const auto elapsed = std::chrono::steady_clock::now() - start;

  const long long wall = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::printf("%lld %ld %d\n", wall, usage.ru_maxrss, code);
}
