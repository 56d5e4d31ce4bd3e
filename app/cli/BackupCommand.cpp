#include "app/cli/BackupCommand.h"

#include "core/store/Backup.h"

#include <cstdio>
#include <filesystem>

namespace tallylock::cli {

int runBackup(const Arguments& arguments) {
    const auto options = Options::parse(arguments, {});
    if (!options) return kFailed;
    if (options->rest().size() != 2) return fail("backup takes a folder, and where its copy is to go");
    const std::string& folder = options->rest()[0];
    const std::string& to = options->rest()[1];
    std::error_code none;
    if (!std::filesystem::is_directory(folder, none)) return fail("there is no folder " + folder);
    const auto done = store::backUp(folder, to);
    if (!done) return fail(done.error().detail);
    std::printf("%llu files, %llu bytes, in %s.\n"
                "The copy holds what the folder holds, keys included: keep it as well as that.\n",
                static_cast<unsigned long long>(done->files), static_cast<unsigned long long>(done->bytes), to.c_str());
    return kDone;
}

} // namespace tallylock::cli
