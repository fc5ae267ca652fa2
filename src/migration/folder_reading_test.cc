#include "migration/folder_reading.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "scratch/folder.h"

namespace martlet {
namespace {

TEST(FolderReading, HandsTheFolderOverOnce) {
  const ScratchFolder folder;
  write_file(folder.path() / "V1__first.sql", "CREATE TABLE a (id int);\n");
  FolderReading reading({.path = folder.path()});
  reading.finish();
  EXPECT_FALSE(reading.is_over()) << "it is still to be taken";
  EXPECT_EQ(reading.take().migrations.size(), 1U);
  EXPECT_TRUE(reading.is_over());
}

TEST(FolderReading, TellsWhatIsWrongWhenItIsAskedFor) {
  const ScratchFolder folder;
  const FolderOptions missing{.path = folder.path() / "missing"};
  FolderReading reading(missing);
  EXPECT_THROW(reading.take(), Error);
  EXPECT_TRUE(reading.is_over());
  FolderReading before_anything_is_made(missing);
  EXPECT_THROW(before_anything_is_made.finish(), Error);
}

}  // namespace
}  // namespace martlet
