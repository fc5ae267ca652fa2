#include "sql/walk.h"

#include <span>

namespace martlet {
namespace {

using Visit = std::function<void(const Node&)>;

void visit_message(const ProtobufCMessage& message, const Visit& visit) {
  if (message.descriptor == &pg_query__node__descriptor) return visit(reinterpret_cast<const Node&>(message));
  const auto* bytes = reinterpret_cast<const std::byte*>(&message);
  for (const ProtobufCFieldDescriptor& field : std::span(message.descriptor->fields, message.descriptor->n_fields)) {
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
    const void* member = bytes + field.offset;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      const auto count = *reinterpret_cast<const std::size_t*>(bytes + field.quantifier_offset);
      for (const ProtobufCMessage* each : std::span(*static_cast<ProtobufCMessage* const* const*>(member), count)) {
        visit_message(*each, visit);
      }
    } else if (const auto* each = *static_cast<ProtobufCMessage* const*>(member)) {
      visit_message(*each, visit);
    }
  }
}

}  // namespace

void each_child(const Node& node, const Visit& visit) {
  // All kinds of nodes share one union of pointers.
  if (node.node_case == PG_QUERY__NODE__NODE__NOT_SET) return;
  visit_message(*reinterpret_cast<const ProtobufCMessage*>(node.a_const), visit);
}

}  // namespace martlet
