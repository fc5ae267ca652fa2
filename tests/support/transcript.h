// Transcripts: files, commands, and what they print, as text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace martlet::testing {

/// A line that begins at the margin, and the lines below it that stand behind two spaces.
struct TranscriptItem {
  std::string head;
  std::vector<std::string> block;
};

/// The items of a transcript; to_text() gives the text back.
std::vector<TranscriptItem> read_transcript(std::string_view text);
std::string to_text(const std::vector<TranscriptItem>& items);

/// The lines that count for a dialect: those without a tag, and those behind "[dialect] ", without it.
std::vector<std::string> lines_for(const std::vector<std::string>& block, std::string_view dialect);
/// A block from which lines_for() makes these two lists again.
std::vector<std::string> merge_blocks(const std::vector<std::string>& sqlite, const std::vector<std::string>& postgres);

/// True where the lines are the expected ones. In an expected line `*` stands for any text; a line `...` for any lines.
[[nodiscard]] bool lines_match(const std::vector<std::string>& lines, const std::vector<std::string>& expected);

}  // namespace martlet::testing
