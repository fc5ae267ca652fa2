#include <malloc.h>

#include "cli/program.h"

int main(int argc, char** argv) {
  mallopt(M_ARENA_MAX, 2);  // a second thread works for milliseconds: what it frees must be of use to the first
  return martlet::run_program({argv + 1, argv + argc});
}
