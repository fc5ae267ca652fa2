#include "history/stored_text.h"

#include "base/secret.h"

namespace martlet {
namespace {

constexpr std::size_t kLongest = 1 << 20;
constexpr std::string_view kMark = "-- martlet stored this text incomplete: ";

// A cut never leaves half a character.
std::string_view cut(std::string_view text) {
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::string stored_text(std::string_view sql) {
  const std::string_view kept = cut(sql);
  const std::string masked = mask_passwords(kept);
  std::string reason;
  if (kept.size() < sql.size()) reason = "it is longer than 1 MB";
  if (masked != kept) reason += (reason.empty() ? "" : ", and ") + std::string("passwords are masked in it");
  if (reason.empty()) return masked;
  return std::string(kMark) + reason + "\n" + masked;
}

std::string why_incomplete(std::string_view stored) {
  if (!stored.starts_with(kMark)) return "";
  return std::string(stored.substr(kMark.size(), stored.find('\n') - kMark.size()));
}

}  // namespace martlet
