// A server's settings: one TOML file, of which each value may be given by the environment instead. What is wrong is
// said with its place, and all of it at once; a name that nobody knows is wrong, too.
#pragma once

#include "app/servers/NetworkPlace.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace tallylock::app {

enum class SettingKind : std::uint8_t { Text, Place, Places, Number, Identity, Box };
struct Setting {
    const char* path; ///< "key_server.address", and TALLYLOCK_KEY_SERVER_ADDRESS in the environment
    SettingKind kind;
    bool isNeeded = true;
    /// Of a table that may be missing as a whole: then none of its settings is needed.
    const char* optionalTable = nullptr;
};

class Settings {
public:
    using Environment = std::function<const char*(const char* name)>;
    /// The sentences say what is wrong.
    static Result<Settings, std::vector<std::string>> read(const std::string& path, std::span<const Setting> known,
                                                           const Environment& environment);

    // Of settings that are there: ask has() for those that need not be.
    bool has(const char* path) const { return m_values.find(path) != m_values.end(); }
    const std::string& text(const char* path) const { return std::get<std::string>(m_values.at(path)); }
    const NetworkPlace& place(const char* path) const { return std::get<NetworkPlace>(m_values.at(path)); }
    const std::vector<NetworkPlace>& places(const char* path) const {
        return std::get<std::vector<NetworkPlace>>(m_values.at(path));
    }
    const IdentityKey& identity(const char* path) const { return std::get<IdentityKey>(m_values.at(path)); }
    const BoxKey& box(const char* path) const { return std::get<BoxKey>(m_values.at(path)); }
    std::int64_t numberOr(const char* path, std::int64_t otherwise) const;

private:
    using Value = std::variant<std::string, NetworkPlace, std::vector<NetworkPlace>, std::int64_t, IdentityKey, BoxKey>;
    static std::optional<Value> parse(SettingKind kind, const std::string& text);
    std::map<std::string, Value, std::less<>> m_values;
};

/// What the environment's name of a setting is.
std::string environmentName(const char* path);

} // namespace tallylock::app
