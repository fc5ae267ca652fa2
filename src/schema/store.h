// Objects of one kind, by id and by name, with what changed since a mark.
#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/relation.h"
#include "schema/source.h"

namespace martlet {

/// A schema and a name in it, as one text "schema NUL name" or apart: to look up without making that text.
struct NamePair {
  std::string_view schema, name;
};
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return add(kOffset, text); }
  std::size_t operator()(const NamePair& pair) const {
    return add(add(add(kOffset, pair.schema), std::string_view("\0", 1)), pair.name);
  }

 private:
  static constexpr std::size_t kOffset = 0xcbf29ce484222325;  // FNV-1a
  static std::size_t add(std::size_t hash, std::string_view text) {
    for (const char each : text) hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3;
    return hash;
  }
};
struct NameEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
  bool operator()(std::string_view text, const NamePair& pair) const {
    return text.size() == pair.schema.size() + 1 + pair.name.size() && text.ends_with(pair.name) &&
           text.starts_with(pair.schema) && text[pair.schema.size()] == '\0';
  }
  bool operator()(const NamePair& pair, std::string_view text) const { return (*this)(text, pair); }
};

/// T has `id`, `schema` and `name`. Objects are copied before they are changed, so that a pointer got before a change
/// still shows what was before, for as long as the mark that precedes it is kept. What a database is born with is made
/// when it is asked for: looking things up in one store from two threads at once is not safe.
template <class T>
class Store {
 public:
  /// Objects of `source` with an id below `limit` are there from the beginning.
  void born_with(const Source<T>& source, ObjectId limit = std::numeric_limits<ObjectId>::max()) {
    source_ = &source;
    limit_ = limit;
  }

  const T* get(ObjectId id) const {
    const auto at = objects_.find(id);
    if (at != objects_.end()) return at->second.get();
    return source_ && id != 0 && id < kFirstOfUsers ? make_with_id(id) : nullptr;
  }
  /// One with this name; where several share it (functions), any.
  const T* find(std::string_view schema, std::string_view name) const {
    make_named(schema, name);
    const auto at = names_.find(NamePair{schema, name});
    return at == names_.end() ? nullptr : get(at->second);
  }
  template <class Visit>
  void each_named(std::string_view schema, std::string_view name, const Visit& visit) const {
    make_named(schema, name);
    const auto [begin, end] = names_.equal_range(NamePair{schema, name});
    std::vector<ObjectId> ids;
    for (auto at = begin; at != end; ++at) ids.push_back(at->second);
    for (const ObjectId id : ids) visit(*get(id));
  }
  /// In no particular order. Makes all that a database is born with.
  template <class Visit>
  void each(const Visit& visit) const {
    make_all();
    for (const auto& [id, object] : objects_) {
      if (object) visit(*object);
    }
  }
  /// Calls `visit` with what is not from the source: read from a database, or made by a statement.
  template <class Visit>
  void each_of_users(const Visit& visit) const {
    for (const auto& [id, object] : objects_) {
      if (object && id >= kFirstOfUsers) visit(*object);
    }
  }

  void add(T object) {
    const ObjectId id = object.id;
    names_.emplace(key(object.schema, object.name), id);
    remember(id, nullptr);
    objects_[id] = std::make_shared<T>(std::move(object));
  }
  /// Adds what was there all along and is only heard of now: that is no change, and going back does not take it away.
  void assume(T object) {
    const ObjectId id = object.id;
    names_.emplace(key(object.schema, object.name), id);
    objects_[id] = std::make_shared<T>(std::move(object));
  }
  /// A reference to change all but id, schema and name; valid until the next call that changes the store.
  T& edit(ObjectId id) {
    get(id);
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
    if (!get(id)) return;
    std::shared_ptr<T>& slot = objects_.at(id);
    forget_name(*slot);
    remember(id, std::move(slot));
    // The empty slot of what the source has keeps it from being made again.
    if (source_ && id < kFirstOfUsers) {
      slot = nullptr;
    } else {
      objects_.erase(id);
    }
  }

  /// From here on changes are remembered; `change_count` is a mark.
  void record() { recording_ = true; }
  std::size_t change_count() const { return changes_.size(); }
  /// As it was at the mark.
  void roll_back(std::size_t mark) {
    while (changes_.size() > mark) {
      auto [id, before] = std::move(changes_.back());
      changes_.pop_back();
      if (const auto at = objects_.find(id); at != objects_.end() && at->second) forget_name(*at->second);
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
  /// Calls visit(id, before) for each object added, changed or removed since the mark, in that order; `before` is
  /// nullptr for what was added.
  template <class Visit>
  void each_changed(std::size_t mark, const Visit& visit) const {
    for (std::size_t i = mark; i < changes_.size(); ++i) {
      const auto same = [&](const auto& earlier) { return earlier.first == changes_[i].first; };
      const auto begin = changes_.begin() + static_cast<std::ptrdiff_t>(mark);
      const auto here = changes_.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::none_of(begin, here, same)) visit(changes_[i].first, changes_[i].second.get());
    }
  }
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
  static constexpr ObjectId kFirstOfUsers = 16384;  // transam.h, FirstNormalObjectId

  static std::string key(std::string_view schema, std::string_view name) {
    std::string text;
    text.reserve(schema.size() + 1 + name.size());
    return text.append(schema).append(1, '\0').append(name);
  }
  void remember(ObjectId id, std::shared_ptr<T> before) {
    if (recording_) changes_.emplace_back(id, std::move(before));
  }
  void forget_name(const T& object) {
    const auto [begin, end] = names_.equal_range(NamePair{object.schema, object.name});
    for (auto at = begin; at != end; ++at) {
      if (at->second == object.id) return static_cast<void>(names_.erase(at));
    }
  }

  const T* make(const SourceTable& table, std::size_t row) const {
    const ObjectId id = id_field(table.row(row)[0]);
    if (id >= limit_ || objects_.contains(id)) return nullptr;
    auto object = std::make_shared<T>(source_->make(table.row(row)));
    names_.emplace(key(object->schema, object->name), id);
    return objects_.emplace(id, std::move(object)).first->second.get();
  }
  const T* make_with_id(ObjectId id) const {
    const SourceTable& table = source_->table();
    const auto row = table.with_id(id);
    return row ? make(table, *row) : nullptr;
  }
  void make_named(std::string_view schema, std::string_view name) const {
    if (!source_ || (schema != "pg_catalog" && schema != "information_schema")) return;
    const SourceTable& table = source_->table();
    const auto [first, last] = table.named(schema, name);
    for (std::size_t row = first; row < last; ++row) make(table, row);
  }
  void make_all() const {
    if (!source_ || all_made_) return;
    const SourceTable& table = source_->table();
    for (std::size_t row = 0; row < table.size(); ++row) make(table, row);
    all_made_ = true;
  }

  const Source<T>* source_ = nullptr;
  ObjectId limit_ = 0;
  // What the source has joins the others at the first look.
  mutable bool all_made_ = false;
  mutable std::unordered_map<ObjectId, std::shared_ptr<T>> objects_;
  mutable std::unordered_multimap<std::string, ObjectId, NameHash, NameEqual> names_;
  std::vector<std::pair<ObjectId, std::shared_ptr<T>>> changes_;
  bool recording_ = false;
};

}  // namespace martlet
