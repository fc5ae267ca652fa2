// SQL texts as the ledger keeps them: passwords masked, cut at 1 MB, and marked where that changed them.
#pragma once

#include <string>
#include <string_view>

namespace martlet {

/// What is stored of a text. One that is not complete begins with a comment that says why.
std::string stored_text(std::string_view sql);
/// Why a stored text is not what ran, "" where it is.
std::string why_incomplete(std::string_view stored);

}  // namespace martlet
