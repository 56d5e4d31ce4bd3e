// A coordinator that stands by: it follows the log of another one in the replica of that one's database, and watches
// whether that one can be reached. It takes over when it is told to, or by itself if the settings say so.
//
// State                   one writer         durable where       if it arrives twice
// engine, snapshots       the own thread     the folder          a batch that is there is passed over
// FOLDER/promote          tallylockd --promote, once; removed by the own thread when it is seen
// when it was reachable   the own thread     nowhere             the later one counts
#pragma once

#include "app/servers/Log.h"
#include "core/host/Follower.h"
#include "core/net/Remote.h"

#include <filesystem>

namespace tallylock::app {

struct StandbyOptions {
    std::filesystem::path folder;
    net::RemoteOptions watched; ///< the one whose place it takes
    /// Unreachable for so long, having been reached before: taken over. Nothing: only when told.
    std::optional<std::int64_t> takeoverAfterMs;
    /// Whether the database has all that the watched one has acknowledged. Waits.
    std::function<Result<bool, ports::StoreFailure>()> isMirrored;
    /// On the own thread, which does nothing more afterwards.
    std::function<void(const std::string& why, host::Follower&)> takeOver;
    /// On the own thread: it cannot follow any more.
    std::function<void(const std::string& why)> fail;
};

class Standby {
public:
    /// `log` outlives it.
    Standby(StandbyOptions options, std::unique_ptr<host::Follower> follower, const Log& log);
    ~Standby(); ///< waits for a takeover that is under way

    host::Follower& follower() { return *m_follower; }
    /// What keeps it from following or, by itself, from taking over. Any thread.
    std::optional<std::string> trouble() const;

private:
    void run();
    /// What is wrong, if something is.
    std::optional<std::string> follow();
    bool isToTakeOver();
    bool mayTakeOver();
    void setTrouble(std::optional<std::string> trouble);

    StandbyOptions m_options;
    std::unique_ptr<host::Follower> m_follower;
    const Log& m_log;
    std::unique_ptr<net::Remote> m_watched;
    std::optional<std::chrono::steady_clock::time_point> m_reachedAt; ///< last
    std::string m_why;                                                ///< it takes over
    std::optional<std::string> m_refusal; ///< it does not by itself, since it was reachable last
    mutable std::mutex m_mutex;
    std::condition_variable m_news;
    std::optional<std::string> m_trouble;
    bool m_isStopping = false;
    std::thread m_thread;
};

/// Tells the one that stands by in this folder to take over, and waits until it has heard. The sentence is why not.
Result<void, std::string> tellToTakeOver(const std::filesystem::path& folder);

/// Whether this server answers now. Waits a few seconds at most.
bool isReachable(net::RemoteOptions server);

} // namespace tallylock::app
