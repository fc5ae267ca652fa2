// Libraries that are loaded when they are first called. One that brings many others along would cost every start
// several milliseconds and megabytes, also where it is not needed.
#pragma once

#include <atomic>
#include <string_view>

#include "base/error.h"

namespace martlet {

/// One library of the system's. Never unloaded: what it brings along registers things that end with the process.
class SharedLibrary {
 public:
  struct Identity {
    const char* file;          // "libcurl.so.4"
    std::string_view purpose;  // "which speaks HTTP"
    std::string_view wanted;   // "libcurl 7.85 or newer (package libcurl4)"
    ErrorKind failure;         // of the error where it cannot be had
  };
  explicit SharedLibrary(const Identity& identity);

  /// The address of a function. Throws an Error saying what to install where the library is too old to have it.
  void* function(const char* name) const;

 private:
  Identity identity_;
  void* handle_;
};

/// The address of a function, looked up at the first call. Safe from several threads.
template <class Pointer, void* (*find)(const char* name)>
class LibraryAddress {
 public:
  explicit constexpr LibraryAddress(const char* name) : name_(name) {}
  Pointer get() {
    Pointer function = function_.load(std::memory_order_relaxed);
    if (!function) {
      function = reinterpret_cast<Pointer>(find(name_));
      function_.store(function, std::memory_order_relaxed);
    }
    return function;
  }

 private:
  const char* name_;
  std::atomic<Pointer> function_ = nullptr;
};

/// Callable like the function that it is named after, which `find` looks up.
template <class Signature, void* (*find)(const char* name)>
class LibraryFunction;

template <class R, class... Parameters, void* (*find)(const char* name)>
class LibraryFunction<R(Parameters...), find> {
 public:
  explicit constexpr LibraryFunction(const char* name) : address_(name) {}
  R operator()(Parameters... parameters) { return address_.get()(parameters...); }

 private:
  LibraryAddress<R (*)(Parameters...), find> address_;
};

/// The same for a function that takes whatever comes behind its named parameters.
template <class R, class... Parameters, void* (*find)(const char* name)>
class LibraryFunction<R(Parameters..., ...), find> {
 public:
  explicit constexpr LibraryFunction(const char* name) : address_(name) {}
  template <class... More>
  R operator()(Parameters... parameters, More... more) {
    return address_.get()(parameters..., more...);
  }

 private:
  LibraryAddress<R (*)(Parameters..., ...), find> address_;
};

}  // namespace martlet
