// From a command's configuration to what the rooms below take.
#pragma once

#include "cli/command.h"
#include "db/connection.h"
#include "db/url.h"
#include "history/ledger.h"
#include "history/names.h"
#include "migration/folder.h"

namespace martlet {

/// The database to work on. Throws Error{usage} saying what to set where there is none: a run with a missing variable
/// must not "succeed" on an empty database.
Url target_url(const Config& config);
/// The same database past a pooler (`direct_url`); empty where none is configured.
Url direct_url(const Config& config);
/// Where throwaway databases may be made (`scratch_url`); empty where none is configured.
Url scratch_url(const Config& config);
/// True where a URL is configured and can be had.
bool has_target(const Config& config);

/// Of the URL's database; without a URL, `migrations.dialect`.
Dialect target_dialect(const Config& config);
FolderOptions folder_options(const Config& config);
HistoryOptions history_options(const Config& config);
/// How martlet's tables are called in the target.
HistoryNames history_names(const Config& config);

/// Who runs, with --actor and --ticket.
Identity target_identity(const Config& config);
/// A session on the target under the name of this run.
std::unique_ptr<Connection> connect_target(const Config& config, const Identity& who);

/// Throws Error{refused} where the environment is protected: `what` is "drop the database".
void refuse_if_protected(const Config& config, std::string_view what);
/// Asks unless --yes was given; throws Error{refused} for a no, and where nobody can be asked.
void ask_or_refuse(Context& context, std::string_view question);

}  // namespace martlet
