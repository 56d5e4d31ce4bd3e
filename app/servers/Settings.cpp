#include "app/servers/Settings.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <toml++/toml.h>

namespace tallylock::app {

namespace {

template <class Key>
std::optional<Key> keyFrom(const std::string& text) {
    const auto bytes = fromHex(text);
    return bytes ? Key::from(*bytes) : std::nullopt;
}

std::optional<std::int64_t> numberFrom(const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [read, failure] = std::from_chars(text.data(), end, number);
    return failure == std::errc() && read == end && number >= 0 ? std::optional(number) : std::nullopt;
}

const char* wantedOf(SettingKind kind) {
    switch (kind) {
    case SettingKind::Text: return "a text";
    case SettingKind::Place: return "\"host:port\"";
    case SettingKind::Places: return "\"host:port\", or several with commas between";
    case SettingKind::Number: return "a number, zero or more";
    case SettingKind::Identity:
    case SettingKind::Box: return "64 hexadecimal digits";
    }
    return "";
}

std::string placeIn(const std::string& path, const toml::source_region& region) {
    return path + ":" + std::to_string(region.begin.line);
}

/// Every value of the file by its path, as text, with where it stands.
struct Found {
    std::string text;
    std::string where;
};
void flatten(const toml::table& table, const std::string& prefix, const std::string& file,
             std::map<std::string, Found>& values, std::vector<std::string>& wrong) {
    for (const auto& [key, node] : table) {
        const std::string path = prefix + std::string(key.str());
        const std::string where = placeIn(file, node.source());
        if (const auto* inner = node.as_table()) {
            flatten(*inner, path + ".", file, values, wrong);
        } else if (const auto text = node.value_exact<std::string>()) {
            values[path] = {*text, where};
        } else if (const auto number = node.value_exact<std::int64_t>()) {
            values[path] = {std::to_string(*number), where};
        } else {
            wrong.push_back(where + ": " + path + " is neither a text nor a whole number");
        }
    }
}

} // namespace

std::string environmentName(const char* path) {
    std::string name = "TALLYLOCK_";
    for (const char* at = path; *at != 0; ++at)
        name.push_back(*at == '.' ? '_' : (*at >= 'a' && *at <= 'z' ? static_cast<char>(*at - 'a' + 'A') : *at));
    return name;
}

std::int64_t Settings::numberOr(const char* path, std::int64_t otherwise) const {
    return has(path) ? std::get<std::int64_t>(m_values.at(path)) : otherwise;
}

std::optional<Settings::Value> Settings::parse(SettingKind kind, const std::string& text) {
    const auto orNone = [](auto read) { return read ? std::optional<Value>(std::move(*read)) : std::nullopt; };
    switch (kind) {
    case SettingKind::Text: return text.empty() ? std::nullopt : std::optional<Value>(text);
    case SettingKind::Place: return orNone(parsePlace(text));
    case SettingKind::Places: return orNone(parsePlaces(text));
    case SettingKind::Number: return orNone(numberFrom(text));
    case SettingKind::Identity: return orNone(keyFrom<IdentityKey>(text));
    case SettingKind::Box: return orNone(keyFrom<BoxKey>(text));
    }
    return std::nullopt;
}

Result<Settings, std::vector<std::string>> Settings::read(const std::string& path, std::span<const Setting> known,
                                                          const Environment& environment) {
    std::vector<std::string> wrong;
    std::map<std::string, Found> values;
    try {
        flatten(toml::parse_file(path), {}, path, values, wrong);
    } catch (const toml::parse_error& error) {
        return Err(std::vector{placeIn(path, error.source()) + ": " + std::string(error.description())});
    }
    for (const Setting& setting : known) {
        const std::string name = environmentName(setting.path);
        if (const char* given = environment(name.c_str())) values[setting.path] = {given, name};
    }
    const auto hasTable = [&](const char* table) {
        return std::any_of(values.begin(), values.end(),
                           [&](const auto& value) { return value.first.starts_with(std::string(table) + "."); });
    };
    Settings settings;
    for (const Setting& setting : known) {
        const auto found = values.find(setting.path);
        if (found == values.end()) {
            const bool isNeeded = setting.isNeeded && (!setting.optionalTable || hasTable(setting.optionalTable));
            if (isNeeded) wrong.push_back(path + ": " + setting.path + " is missing: " + wantedOf(setting.kind));
            continue;
        }
        if (auto value = parse(setting.kind, found->second.text)) {
            settings.m_values.emplace(setting.path, std::move(*value));
        } else {
            wrong.push_back(found->second.where + ": " + setting.path + " is to be " + wantedOf(setting.kind));
        }
    }
    for (const auto& [name, value] : values) {
        const bool isKnown =
            std::any_of(known.begin(), known.end(), [&](const Setting& setting) { return name == setting.path; });
        if (!isKnown) wrong.push_back(value.where + ": there is no setting " + name);
    }
    if (!wrong.empty()) return Err(std::move(wrong));
    return settings;
}

} // namespace tallylock::app
