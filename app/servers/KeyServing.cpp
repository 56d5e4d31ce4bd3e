#include "app/servers/KeyServing.h"

#include "app/servers/Journals.h"
#include "app/servers/Refusals.h"
#include "app/servers/ServerSeeds.h"

namespace tallylock::app {

using api::Answer;
using api::Problem;
using api::Refusal;
namespace fs = std::filesystem;

Answer<void> makeFolder(const fs::path& folder) {
    std::error_code failure;
    if (fs::create_directories(folder, failure)) fs::permissions(folder, fs::perms::owner_all, failure);
    if (failure) return Err(Refusal{Problem::FileUnreadable, folder.string() + ": " + failure.message()});
    return {};
}

std::string identityPath(const fs::path& folder) { return (folder / "identity").string(); }
std::string keyServerState(const fs::path& folder) { return (folder / "state.sqlite").string(); }

Answer<KeyServing> startKeyServing(const fs::path& folder, ports::FileStore& files, Random& random,
                                   keyserver::WordCouriers couriers) {
    auto lock = store::FolderLock::take(folder.string());
    if (!lock) return Err(refusalOf(lock.error()));
    KeyServing serving;
    serving.lock = std::move(*lock);
    const std::string state = keyServerState(folder);
    auto identity = serverIdentity(identityPath(folder), state, random);
    if (!identity) return Err(identity.error());
    auto master = secretFile((folder / "master").string(), 32, state, random);
    if (!master) return Err(master.error());
    if (auto made = makeFolder(folder / "deposit-keys"); !made) return Err(made.error());
    keyserver::Options options{std::move(*identity),
                               std::move(*master),
                               (folder / "deposit-keys").string(),
                               sqliteJournal(folder / "first-parts.sqlite"),
                               sqliteJournal(folder / "second-parts.sqlite"),
                               sqliteJournal(state),
                               files,
                               random};
    options.couriers = std::move(couriers);
    auto started = keyserver::KeyServer::start(std::move(options));
    if (!started) return Err(refusalOf(started.error()));
    serving.server = std::move(*started);
    return serving;
}

} // namespace tallylock::app
