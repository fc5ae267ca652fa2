#include "base/digest.h"
#include "migration/source.h"

namespace martlet {

std::string checksum_of(const SourceText& whole) {
  // The algorithm is part of the stored text, so that it can change without invalidating ledgers.
  return "sha256:" + sha256_hex(whole.text);
}

}  // namespace martlet
