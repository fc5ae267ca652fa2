// Objects of one kind, by id and by name, with what changed since a mark.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/relation.h"

namespace martlet {

/// T has `id`, `schema` and `name`. Objects are copied before they are changed, so that a pointer got before a change
/// still shows what was before, for as long as the mark that precedes it is kept.
template <class T>
class Store {
 public:
  const T* get(ObjectId id) const {
    const auto at = objects_.find(id);
    return at == objects_.end() ? nullptr : at->second.get();
  }
  /// One with this name; where several share it (functions), any.
  const T* find(std::string_view schema, std::string_view name) const {
    const auto at = names_.find(key(schema, name));
    return at == names_.end() ? nullptr : get(at->second);
  }
  template <class Visit>
  void each_named(std::string_view schema, std::string_view name, const Visit& visit) const {
    const auto [begin, end] = names_.equal_range(key(schema, name));
    for (auto at = begin; at != end; ++at) visit(*get(at->second));
  }
  template <class Visit>
  void each(const Visit& visit) const {
    for (const auto& [id, object] : objects_) visit(*object);
  }
  std::size_t size() const { return objects_.size(); }

  void add(T object) {
    const ObjectId id = object.id;
    names_.emplace(key(object.schema, object.name), id);
    remember(id, nullptr);
    objects_[id] = std::make_shared<T>(std::move(object));
  }
  /// A reference to change all but id, schema and name; valid until the next call that changes the store.
  T& edit(ObjectId id) {
    std::shared_ptr<T>& slot = objects_.at(id);
    if (recording_) {
      remember(id, slot);
      slot = std::make_shared<T>(*slot);
    }
    return *slot;
  }
  void rename(ObjectId id, std::string schema, std::string name) {
    T& object = edit(id);
    forget_name(object);
    object.schema = std::move(schema);
    object.name = std::move(name);
    names_.emplace(key(object.schema, object.name), id);
  }
  void remove(ObjectId id) {
    const auto at = objects_.find(id);
    if (at == objects_.end()) return;
    forget_name(*at->second);
    remember(id, at->second);
    objects_.erase(at);
  }

  /// From here on changes are remembered; `change_count` is a mark.
  void record() { recording_ = true; }
  std::size_t change_count() const { return changes_.size(); }
  /// As it was at the mark.
  void roll_back(std::size_t mark) {
    while (changes_.size() > mark) {
      auto [id, before] = std::move(changes_.back());
      changes_.pop_back();
      if (const auto at = objects_.find(id); at != objects_.end()) forget_name(*at->second);
      if (before) {
        names_.emplace(key(before->schema, before->name), id);
        objects_[id] = std::move(before);
      } else {
        objects_.erase(id);
      }
    }
  }
  /// What was before can no longer be asked for.
  void forget_changes() { changes_.clear(); }
  /// The object as it was at the mark: nullptr where it was not there yet.
  const T* get_before(ObjectId id, std::size_t mark) const {
    for (std::size_t i = mark; i < changes_.size(); ++i) {
      if (changes_[i].first == id) return changes_[i].second.get();
    }
    return get(id);
  }
  const T* find_before(std::string_view schema, std::string_view name, std::size_t mark) const {
    for (std::size_t i = mark; i < changes_.size(); ++i) {
      const T* old = get_before(changes_[i].first, mark);
      if (old && old->schema == schema && old->name == name) return old;
    }
    const T* now = find(schema, name);
    return now && get_before(now->id, mark) == now ? now : nullptr;
  }

 private:
  static std::string key(std::string_view schema, std::string_view name) {
    std::string text;
    text.reserve(schema.size() + 1 + name.size());
    return text.append(schema).append(1, '\0').append(name);
  }
  void remember(ObjectId id, std::shared_ptr<T> before) {
    if (recording_) changes_.emplace_back(id, std::move(before));
  }
  void forget_name(const T& object) {
    const auto [begin, end] = names_.equal_range(key(object.schema, object.name));
    for (auto at = begin; at != end; ++at) {
      if (at->second == object.id) return static_cast<void>(names_.erase(at));
    }
  }

  std::unordered_map<ObjectId, std::shared_ptr<T>> objects_;
  std::unordered_multimap<std::string, ObjectId> names_;
  std::vector<std::pair<ObjectId, std::shared_ptr<T>>> changes_;
  bool recording_ = false;
};

}  // namespace martlet
