#include "sql/tree_copy.h"

#include <pg_query/pg_query.pb-c.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <unordered_map>
#include <vector>

namespace martlet {
namespace {

template <class T>
T& member(void* message, std::size_t offset) {
  return *reinterpret_cast<T*>(static_cast<std::byte*>(message) + offset);
}

bool is_pointer(const ProtobufCFieldDescriptor& field) {
  return field.type == PROTOBUF_C_TYPE_STRING || field.type == PROTOBUF_C_TYPE_MESSAGE;
}

// Of each kind of message the fields that point somewhere: most are numbers, which come along with the message.
class PointingFields {
 public:
  PointingFields() { add(pg_query__parse_result__descriptor); }
  const std::vector<const ProtobufCFieldDescriptor*>& of(const ProtobufCMessageDescriptor& kind) const {
    return fields_.at(&kind);
  }

 private:
  void add(const ProtobufCMessageDescriptor& kind) {
    if (fields_.contains(&kind)) return;
    std::vector<const ProtobufCFieldDescriptor*>& pointing = fields_[&kind];
    for (const ProtobufCFieldDescriptor& each : std::span(kind.fields, kind.n_fields)) {
      if (is_pointer(each) || each.label == PROTOBUF_C_LABEL_REPEATED) pointing.push_back(&each);
    }
    for (const ProtobufCFieldDescriptor& each : std::span(kind.fields, kind.n_fields)) {
      if (each.type == PROTOBUF_C_TYPE_MESSAGE) add(*static_cast<const ProtobufCMessageDescriptor*>(each.descriptor));
    }
  }
  std::unordered_map<const ProtobufCMessageDescriptor*, std::vector<const ProtobufCFieldDescriptor*>> fields_;
};

class TreeCopy {
 public:
  explicit TreeCopy(Arena& memory) : memory_(memory) {}

  ProtobufCMessage* copy(const ProtobufCMessage* message);

 private:
  void* copy_bytes(const void* bytes, std::size_t size) { return std::memcpy(memory_.allocate(size), bytes, size); }
  char* copy_text(const char* text);
  void copy_field(void* message, const ProtobufCFieldDescriptor& field);
  void copy_list(void* message, const ProtobufCFieldDescriptor& field);

  Arena& memory_;
};

// Of the alternatives of a oneof, which share their place, the one that is there.
bool is_there(void* message, const ProtobufCFieldDescriptor& field) {
  const bool is_alternative = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
  return !is_alternative || member<std::uint32_t>(message, field.quantifier_offset) == field.id;
}

std::size_t size_of(const ProtobufCFieldDescriptor& field) {
  switch (field.type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
      return sizeof(std::uint64_t);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
      return sizeof(void*);
    default:
      return sizeof(std::uint32_t);
  }
}

char* TreeCopy::copy_text(const char* text) {
  if (!text || !*text) return const_cast<char*>(protobuf_c_empty_string);  // what unpacking gives
  return static_cast<char*>(copy_bytes(text, std::strlen(text) + 1));
}

void TreeCopy::copy_list(void* message, const ProtobufCFieldDescriptor& field) {
  const std::size_t count = member<std::size_t>(message, field.quantifier_offset);
  void*& items = member<void*>(message, field.offset);
  items = count == 0 ? nullptr : copy_bytes(items, count * size_of(field));
  if (count == 0 || !is_pointer(field)) return;
  for (void*& each : std::span(static_cast<void**>(items), count)) {
    if (field.type == PROTOBUF_C_TYPE_STRING) {
      each = copy_text(static_cast<const char*>(each));
    } else {
      each = copy(static_cast<const ProtobufCMessage*>(each));
    }
  }
}

void TreeCopy::copy_field(void* message, const ProtobufCFieldDescriptor& field) {
  if (field.label == PROTOBUF_C_LABEL_REPEATED) return copy_list(message, field);
  if (!is_pointer(field) || !is_there(message, field)) return;
  if (field.type == PROTOBUF_C_TYPE_STRING) {
    char*& text = member<char*>(message, field.offset);
    text = copy_text(text);
  } else if (ProtobufCMessage*& child = member<ProtobufCMessage*>(message, field.offset)) {
    child = copy(child);
  }
}

// A message knows its own kind, so that nobody has to look for the alternative that a Node is.
ProtobufCMessage* TreeCopy::copy(const ProtobufCMessage* message) {
  const ProtobufCMessageDescriptor& kind = *message->descriptor;
  auto* made = static_cast<ProtobufCMessage*>(copy_bytes(message, kind.sizeof_message));
  if (&kind == &pg_query__node__descriptor) {
    auto* node = reinterpret_cast<PgQuery__Node*>(made);
    auto*& child = member<ProtobufCMessage*>(node, offsetof(PgQuery__Node, alias));
    if (node->node_case != PG_QUERY__NODE__NODE__NOT_SET) child = copy(child);
    return made;
  }
  static const PointingFields pointing;
  for (const ProtobufCFieldDescriptor* each : pointing.of(kind)) copy_field(made, *each);
  return made;
}

}  // namespace

const PgQuery__ParseResult* copy_tree(const PgQuery__ParseResult& tree, Arena& memory) {
  return reinterpret_cast<PgQuery__ParseResult*>(TreeCopy(memory).copy(&tree.base));
}

}  // namespace martlet
