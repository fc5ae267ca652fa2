// Plug-ins: a layout, a command, a health check, … is one file with one `const Registered<T> kName{{.id = …}};`.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace martlet {

/// All registered T, in the order of their `id`. T is a struct with a member `std::string_view id`.
template <class T>
class Registry {
 public:
  static const std::vector<const T*>& all() { return entries(); }

  /// The entry with exactly this id, or nullptr.
  static const T* find(std::string_view id) {
    for (const T* entry : entries()) {
      if (entry->id == id) return entry;
    }
    return nullptr;
  }

  static void add(const T* entry) {
    auto& list = entries();
    list.insert(std::upper_bound(list.begin(), list.end(), entry, [](const T* a, const T* b) { return a->id < b->id; }),
                entry);
  }

 private:
  // Function-local, so that it exists before the first static Registered<T> of any file adds to it.
  static std::vector<const T*>& entries() {
    static std::vector<const T*> list;
    return list;
  }
};

/// Registers its value at program start. Must live in an OBJECT library: a linker drops it from a STATIC one.
template <class T>
class Registered {
 public:
  explicit Registered(T value) : value_(std::move(value)) { Registry<T>::add(&value_); }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

 private:
  T value_;
};

}  // namespace martlet
