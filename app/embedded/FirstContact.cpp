#include "app/embedded/FirstContact.h"

#include "app/servers/Refusals.h"
#include "app/servers/Settings.h"
#include "core/keys/Fingerprint.h"
#include "core/keys/PrivateFile.h"
#include "core/net/Remote.h"

#include <condition_variable>

namespace tallylock::app {

using api::Answer;
using api::Problem;
using api::Refusal;
using net::RemoteState;

namespace {

constexpr std::chrono::seconds kPatience{12};
constexpr std::chrono::milliseconds kGlance{100}; ///< how soon it is noticed that nobody wants to know any more

/// Connects, and waits until it is told enough.
class Look {
public:
    Look(const std::vector<NetworkPlace>& places, const std::optional<IdentityKey>& server,
         std::shared_ptr<const keys::Identity> nobody, const std::atomic<bool>& isStopping)
        : m_isStopping(isStopping),
          m_remote(optionsFor(places, server, std::move(nobody)), [this](const net::RemoteStatus& status) {
              const std::lock_guard lock(m_mutex);
              m_status = status;
              m_news.notify_all();
          }) {}
    net::RemoteStatus waitUntil(const std::function<bool(const net::RemoteStatus&)>& isEnough) {
        std::unique_lock lock(m_mutex);
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (!isEnough(m_status) && !m_isStopping && std::chrono::steady_clock::now() < end)
            (void)m_news.wait_for(lock, kGlance);
        return m_status;
    }

private:
    static net::RemoteOptions optionsFor(const std::vector<NetworkPlace>& places,
                                         const std::optional<IdentityKey>& server,
                                         std::shared_ptr<const keys::Identity> nobody) {
        net::RemoteOptions options = wayTo(places, server, std::move(nobody));
        options.firstPauseMs = options.lastPauseMs = 1'000;
        return options;
    }
    const std::atomic<bool>& m_isStopping;
    std::mutex m_mutex;
    std::condition_variable m_news;
    net::RemoteStatus m_status;
    net::Remote m_remote; // last: it is told of the others
};

using Nobody = std::shared_ptr<const keys::Identity>;

Refusal unreachable(const std::string& address, const net::RemoteStatus& status) {
    return {Problem::ServerUnreachable, address + (status.detail.empty() ? "" : ": " + status.detail)};
}

/// Who answers there.
Answer<IdentityKey> whoIsAt(const std::string& address, const Nobody& nobody, const std::atomic<bool>& isStopping) {
    const auto places = parsePlaces(address);
    if (!places) return Err(Refusal{Problem::ServerAddressInvalid, address});
    Look look(*places, std::nullopt, nobody, isStopping);
    const auto status =
        look.waitUntil([](const auto& now) { return now.server.has_value() || now.state == RemoteState::Unreachable; });
    if (!status.server) return Err(unreachable(address, status));
    return *status.server;
}

std::string wordsOf(const IdentityKey& key) { return keys::Fingerprint::of(key).words(); }

} // namespace

Answer<api::FoundCoordinator> lookForCoordinator(const std::string& address, Random& random,
                                                 const std::atomic<bool>& isStopping) {
    SecretBytes seed(32);
    random.fill(seed.span());
    const auto nobody = std::make_shared<const keys::Identity>(keys::Identity::fromSeed(std::move(seed)));
    const auto coordinator = whoIsAt(address, nobody, isStopping);
    if (!coordinator) return Err(coordinator.error());
    Look look(*parsePlaces(address), *coordinator, nobody, isStopping);
    const auto status = look.waitUntil(
        [](const auto& now) { return now.state == RemoteState::Connected || now.state == RemoteState::Refused; });
    if (status.state != RemoteState::Connected) return Err(unreachable(address, status));
    if (status.places.empty()) return Err(Refusal{Problem::ServerWrong, address});
    api::FoundCoordinator found;
    found.row.coordinator = {textOf(*parsePlaces(address)), *coordinator};
    found.row.practice = status.isPractice;
    found.coordinatorWords = wordsOf(*coordinator);
    for (std::size_t i = 0; i < status.places.size() && i < 2; ++i) {
        const wire::ServerPlace& place = status.places[i];
        const auto key = whoIsAt(place.address, nobody, isStopping);
        if (!key) return Err(key.error());
        if (*key != place.server) return Err(Refusal{Problem::ServerWrong, place.address});
        const api::ServerRow row{place.address, *key};
        if (i == 0) {
            found.row.keyServer = row;
            found.keyServerWords = wordsOf(*key);
        } else {
            found.row.standby = row;
            found.standbyWords = wordsOf(*key);
        }
    }
    return found;
}

// --- which one is used -----------------------------------------------------------------------------------------------

static std::string settingsPath(const std::string& folder) { return folder + "/coordinator.toml"; }

static constexpr Setting kSettings[] = {
    {"coordinator.address", SettingKind::Places},
    {"coordinator.identity", SettingKind::Identity},
    {"key_server.address", SettingKind::Places},
    {"key_server.identity", SettingKind::Identity},
    {"standby_key_server.address", SettingKind::Places, true, "standby_key_server"},
    {"standby_key_server.identity", SettingKind::Identity, true, "standby_key_server"},
    {"practice.is_on", SettingKind::Number},
};

Answer<std::optional<api::CoordinatorRow>> readCoordinator(const std::string& folder) {
    constexpr std::size_t kMostBytes = 16 * 1024;
    std::optional<api::CoordinatorRow> row;
    const auto there = keys::readFile(settingsPath(folder), kMostBytes);
    if (!there && there.error() == keys::FileError::NotFound) return row;
    if (!there) return Err(refusalOf(there.error(), settingsPath(folder)));
    const auto settings =
        Settings::read(settingsPath(folder), kSettings, [](const char*) -> const char* { return nullptr; });
    if (!settings) return Err(Refusal{Problem::FolderDamaged, settings.error().front()});
    const auto serverOf = [&](const char* address, const char* identity) {
        return api::ServerRow{textOf(settings->places(address)), settings->identity(identity)};
    };
    row.emplace();
    row->coordinator = serverOf("coordinator.address", "coordinator.identity");
    row->keyServer = serverOf("key_server.address", "key_server.identity");
    if (settings->has("standby_key_server.address"))
        row->standby = serverOf("standby_key_server.address", "standby_key_server.identity");
    row->practice = settings->numberOr("practice.is_on", 0) != 0;
    return row;
}

Answer<void> writeCoordinator(const std::string& folder, const std::optional<api::CoordinatorRow>& row) {
    const std::string path = settingsPath(folder);
    if (!row) {
        if (std::remove(path.c_str()) != 0 && errno != ENOENT) return Err(Refusal{Problem::FileUnreadable, path});
        return {};
    }
    const auto table = [](const char* name, const api::ServerRow& server) {
        return std::string("[") + name + "]\naddress = \"" + server.address + "\"\nidentity = \"" + server.key.hex() +
               "\"\n\n";
    };
    std::string text =
        "# The coordinator that is used, with the identities that were compared. Written by Tallylock.\n\n";
    text += table("coordinator", row->coordinator) + table("key_server", row->keyServer);
    if (row->standby) text += table("standby_key_server", *row->standby);
    text += std::string("[practice]\nis_on = ") + (row->practice ? "1" : "0") + "\n";
    const auto written = keys::writePrivateFile(path, viewOf(text), keys::Replace::Yes);
    if (!written) return Err(refusalOf(written.error(), path));
    return {};
}

} // namespace tallylock::app
