// Bytes on their way, in pieces.
#pragma once

#include <string_view>

namespace martlet {

/// Where bytes go. Throws where they cannot be taken.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
};

/// Where bytes come from.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// The next piece, valid until the next call; empty at the end.
  virtual std::string_view next() = 0;
};

}  // namespace martlet
