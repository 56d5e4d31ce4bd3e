#include "app/servers/Standby.h"

#include "core/keys/PrivateFile.h"
#include "core/store/FolderLock.h"

namespace tallylock::app {

using ports::StoreError;
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {
constexpr milliseconds kPause{100}; ///< between two looks at the log
constexpr milliseconds kPatience{10'000};

fs::path orderPath(const fs::path& folder) { return folder / "promote"; }
} // namespace

Standby::Standby(StandbyOptions options, std::unique_ptr<host::Follower> follower, const Log& log)
    : m_options(std::move(options)),
      m_follower(std::move(follower)),
      m_log(log) {
    std::error_code ignored;
    fs::remove(orderPath(m_options.folder), ignored); // of another time
    m_watched = std::make_unique<net::Remote>(m_options.watched);
    m_thread = std::thread([this] { run(); });
}

Standby::~Standby() {
    {
        const std::lock_guard lock(m_mutex);
        m_isStopping = true;
        m_news.notify_all();
    }
    m_thread.join();
}

void Standby::run() {
    while (true) {
        auto trouble = follow();
        if (m_follower->isBroken()) return m_options.fail(*trouble);
        const bool isTime = isToTakeOver();
        setTrouble(trouble ? std::move(trouble) : m_refusal);
        std::unique_lock lock(m_mutex);
        if (m_isStopping) return;
        if (isTime) break;
        m_news.wait_for(lock, kPause, [this] { return m_isStopping; });
    }
    m_watched.reset();
    m_options.takeOver(m_why, *m_follower);
}

std::optional<std::string> Standby::follow() {
    const auto followed = m_follower->goOn();
    if (followed) return std::nullopt;
    return "the log cannot be followed: " + followed.error().detail;
}

bool Standby::isToTakeOver() {
    std::error_code error;
    if (fs::remove(orderPath(m_options.folder), error)) {
        m_why = "told to";
        return true;
    }
    const auto now = steady_clock::now();
    if (m_watched->status().state == net::RemoteState::Connected) {
        m_reachedAt = now;
        m_refusal.reset();
        return false;
    }
    if (!m_options.takeoverAfterMs || !m_reachedAt) return false;
    if (now - *m_reachedAt < milliseconds(*m_options.takeoverAfterMs)) return false;
    m_why = "the coordinator is unreachable";
    return mayTakeOver();
}

/// By itself only where nothing can have been acknowledged that is not here.
bool Standby::mayTakeOver() {
    const auto mirrored = m_options.isMirrored();
    if (mirrored && *mirrored) return true;
    m_reachedAt = steady_clock::now(); // asked again later
    m_refusal = mirrored
                    ? "the coordinator is unreachable, and has not waited for a standby: what it has acknowledged may "
                      "not be here. Told to, we take over all the same"
                    : "the database does not answer: " + mirrored.error().detail;
    return false;
}

void Standby::setTrouble(std::optional<std::string> trouble) {
    const std::lock_guard lock(m_mutex);
    if (trouble == m_trouble) return;
    m_trouble = std::move(trouble);
    if (m_trouble) m_log.warn("standby", {{"trouble", *m_trouble}});
}

std::optional<std::string> Standby::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

Result<void, std::string> tellToTakeOver(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder, error)) return Err("there is no folder " + folder.string());
    if (const auto lock = store::FolderLock::take(folder.string()); lock || lock.error().error != StoreError::Locked)
        return Err("nobody stands by in " + folder.string());
    const fs::path order = orderPath(folder);
    if (!keys::writePrivateFile(order.string(), {}, keys::Replace::Yes))
        return Err(order.string() + " cannot be written");
    const auto end = steady_clock::now() + kPatience;
    while (steady_clock::now() < end) {
        if (!fs::exists(order, error)) return {};
        std::this_thread::sleep_for(kPause);
    }
    if (!fs::remove(order, error)) return {}; // heard in the last moment
    return Err("whoever runs in " + folder.string() + " does not stand by");
}

bool isReachable(net::RemoteOptions server) {
    constexpr milliseconds kEach{2'000}; // of its places
    server.connectMs = kEach.count();
    const auto patience = kEach * (1 + server.others.size()) + kEach;
    std::mutex mutex;
    std::condition_variable news;
    std::optional<bool> answers;
    net::Remote remote(std::move(server), [&](const net::RemoteStatus& status) {
        if (status.state == net::RemoteState::Connecting) return;
        const std::lock_guard lock(mutex);
        answers = status.state == net::RemoteState::Connected;
        news.notify_all();
    });
    std::unique_lock lock(mutex);
    news.wait_for(lock, patience, [&] { return answers.has_value(); });
    return answers.value_or(false);
}

} // namespace tallylock::app
