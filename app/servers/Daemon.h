// What the two server programs have in common: arguments, settings, signals, and their way from start to stop.
#pragma once

#include "app/servers/Log.h"
#include "app/servers/OperationsPort.h"
#include "core/api/Problem.h"
#include "core/keys/Identity.h"
#include "core/net/Remote.h"
#include "core/net/Server.h"

#include <filesystem>

namespace tallylock::app {

/// What a server is, once it runs. Destroyed to stop it.
class RunningServer {
public:
    virtual ~RunningServer() = default;
    /// Where it listens for clients; nothing: it does not yet, and says itself when it does.
    virtual std::optional<std::uint16_t> port() const = 0;
    virtual OperationsQuestions questions() = 0;
};

/// An argument that is an order to a running one. Gives what to print, or why it was not carried out.
struct DaemonOrder {
    const char* argument; ///< "--promote"
    std::function<Result<std::string, std::string>(const Settings&)> run;
};

struct DaemonProgram {
    const char* name; ///< "tallylockd"
    const char* help; ///< what --help prints
    std::span<const Setting> settings;
    /// What, in its folder, the identity must not be missing beside.
    std::string (*state)(const std::filesystem::path& folder);
    /// What is wrong with settings that are right one by one, as sentences; may be none.
    std::vector<std::string> (*faults)(const Settings& settings);
    /// `fail` may be called from any thread: it stops the program, which then ends with an error.
    std::function<Result<std::unique_ptr<RunningServer>, std::string>(
        const Settings&, const Log&, const std::function<void(const std::string& why)>& fail)>
        start;
    std::vector<DaemonOrder> orders{};
};

/// The server's identity, made at the first call.
Result<keys::Identity, std::string> identityIn(const Settings& settings,
                                               std::string (*state)(const std::filesystem::path& folder));
std::string sentence(const api::Refusal& refusal);
void tellListening(const Log& log, const Settings& settings, std::uint16_t port);

/// The whole of main(). 0: stopped as asked; 1: it could not start or go on; 2: the arguments or settings are wrong.
int runDaemon(const DaemonProgram& program, int argc, char** argv);

/// The settings that every server has, to be listed with its own.
inline constexpr Setting kFolderSetting{"folder", SettingKind::Text};
inline constexpr Setting kListenSetting{"listen", SettingKind::Place};
inline constexpr Setting kOperationsSetting{"operations.listen", SettingKind::Place, false};
inline constexpr Setting kConnectionsSetting{"limits.connections", SettingKind::Number, false};
net::Limits limitsOf(const Settings& settings);

/// For net::Remote: writes a line when the way to that server opens or breaks, and none for each attempt. `log`
/// outlives it.
std::function<void(const net::RemoteStatus&)> tellWay(const Log& log, std::string name);

std::vector<Metric> metricsOf(const net::Traffic& traffic);

} // namespace tallylock::app
