#include "backup/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "backup/name.h"
#include "backup/notes.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

ArchiveReader::ReadBytes from(std::shared_ptr<StoreReader> reader) {
  return [reader = std::move(reader)](char* into, std::size_t size) {
    cancel::check();
    return reader->read(into, size);
  };
}

BackupNotes notes_of(BackupStore& store, const std::string& file) {
  const auto text = store.text(notes_file(file));
  return text ? parse_notes(*text) : BackupNotes{};
}

BackupInfo read_info(BackupStore& store, const StoredFile& file) {
  BackupInfo info{.file = file.name, .size = file.size};
  try {
    info.header = ArchiveReader(from(store.open(file.name))).header();
    info.notes = notes_of(store, file.name);
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    info.unreadable = error.message;
  }
  return info;
}

std::vector<StoredFile> backup_files(BackupStore& store) {
  std::vector<StoredFile> files = store.list();
  std::erase_if(files, [](const StoredFile& file) { return !BackupName::parse(file.name); });
  std::ranges::sort(files, {},
                    [](const StoredFile& file) { return std::pair(BackupName::parse(file.name)->time, file.name); });
  return files;
}

template <class Change>
void change_notes(const StoreOptions& options, const std::string& file, Change change) {
  const auto store = open_store(options);
  BackupNotes notes = notes_of(*store, file);
  change(notes);
  store->put_text(notes_file(file), notes_text(notes));
}

}  // namespace

std::vector<BackupInfo> list_backups(const StoreOptions& options) {
  const auto store = open_store(options);
  std::vector<BackupInfo> all;
  for (const StoredFile& file : backup_files(*store)) all.push_back(read_info(*store, file));
  return all;
}

BackupInfo find_backup(const StoreOptions& options, const std::string& wanted) {
  const auto store = open_store(options);
  const std::vector<StoredFile> files = backup_files(*store);
  if (wanted == "latest" && !files.empty()) return read_info(*store, files.back());
  std::vector<const StoredFile*> fitting;
  for (const StoredFile& file : files) {
    if (file.name == wanted) return read_info(*store, file);
    if (file.name.starts_with(wanted)) fitting.push_back(&file);
  }
  if (fitting.size() == 1) return read_info(*store, *fitting.front());
  if (fitting.size() > 1) {
    throw Error(ErrorKind::usage,
                fmt::format("{} backups in {} begin with \"{}\"", fitting.size(), store->where(), wanted))
        .next(fmt::format("say more of its name, such as {}", fitting.back()->name));
  }
  std::vector<std::string> names;
  for (const StoredFile& file : files) names.push_back(file.name);
  const auto meant = nearest(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("there is no backup \"{}\" in {}", wanted, store->where()))
      .next(meant ? fmt::format("did you mean {}?", *meant) : "`martlet backups list` shows those there are");
}

std::unique_ptr<ArchiveReader> open_backup(const BackupSettings& settings, const std::string& file) {
  auto archive = std::make_unique<ArchiveReader>(from(open_store(settings.store)->open(file)));
  archive->unlock(settings.secret);
  return archive;
}

Manifest read_manifest(const BackupSettings& settings, const std::string& file) {
  const auto archive = open_backup(settings, file);
  while (!archive->next().empty()) {
  }
  return archive->manifest();
}

void note_verification(const StoreOptions& options, const std::string& file, const Verification& verification) {
  change_notes(options, file, [&](BackupNotes& notes) { notes.verifications.push_back(verification); });
}

void pin_backup(const StoreOptions& options, const std::string& file, const std::string& reason) {
  change_notes(options, file, [&](BackupNotes& notes) { notes.pinned = reason; });
}

void remove_backup(const StoreOptions& options, const std::string& file) {
  const auto store = open_store(options);
  store->remove(file);
  store->remove(notes_file(file));
}

void fetch_backup(const StoreOptions& options, const std::string& file, const std::string& to) {
  const auto reader = open_store(options)->open(file);
  const std::filesystem::path path = to;
  const auto folder = open_store({.folder = path.has_parent_path() ? path.parent_path().string() : "."});
  const auto out = folder->create(path.filename().string());
  std::string block(kBlock, '\0');
  for (std::size_t got = 0; (got = reader->read(block.data(), block.size())) > 0;) {
    cancel::check();
    out->write({block.data(), got});
  }
  out->commit();
}

}  // namespace martlet
