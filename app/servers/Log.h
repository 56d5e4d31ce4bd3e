// What a server says of itself, a line an event: time, level, event, then names and values. For people and for
// programs. Nothing secret is ever given to it; what comes from others is written so that it stays in its line.
//
//   2026-11-28T18:30:00.123Z info listening place=127.0.0.1:7340
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tallylock::app {

enum class LogLevel { Debug, Info, Warning, Error };

/// Any thread.
class Log {
public:
    using Fields = std::initializer_list<std::pair<const char*, std::string>>;
    explicit Log(LogLevel least = LogLevel::Info) : m_least(least) {}
    void write(LogLevel level, std::string_view event, Fields fields = {}) const;
    void info(std::string_view event, Fields fields = {}) const { write(LogLevel::Info, event, fields); }
    void warn(std::string_view event, Fields fields = {}) const { write(LogLevel::Warning, event, fields); }
    void fail(std::string_view event, Fields fields = {}) const { write(LogLevel::Error, event, fields); }

private:
    LogLevel m_least;
};

/// As it stands in a line: in quotation marks, with what is not printable written as \xNN, unless it is a plain word.
std::string loggable(std::string_view value);

} // namespace tallylock::app
