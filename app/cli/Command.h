// What the commands of tallylock-cli have in common: a row in the table of main.cpp, their options, how they fail.
//
// A command reads its options, does its work, and returns the exit code: 0, or 1 after a message on standard error.
#pragma once

#include "app/operator/Words.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tallylock::cli {

using Arguments = std::vector<std::string>;

struct Command {
    const char* name;
    const char* usage; ///< what follows the name
    const char* help;  ///< one line
    int (*run)(const Arguments& arguments);
};

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;

/// Says "tallylock-cli: error: ..." and returns kFailed.
int fail(std::string_view message);
using app::isoTime;
using app::numberFrom;
using app::placeAmong;
using app::printable;
/// What to say when another process holds this lock.
std::string folderInUse(const std::string& lockFile);

/// An option: "-o VALUE", "--output VALUE"; or a switch: "-a", "--armor".
struct Option {
    char letter;
    const char* name;
    bool takesValue = true;
};

/// Options, and what is left over. Understands "-o V", "-oV", "--output V", "--output=V", "--" as the end
/// of options, and "-" as an ordinary argument.
class Options {
public:
    /// Nothing after saying what was wrong.
    static std::optional<Options> parse(const Arguments& arguments, const std::vector<Option>& known);

    /// All values of an option, in order.
    std::vector<std::string> values(char letter) const;
    bool has(char letter) const { return !values(letter).empty(); }
    const std::vector<std::string>& rest() const { return m_rest; }

private:
    std::vector<std::pair<char, std::string>> m_values;
    std::vector<std::string> m_rest;
};

} // namespace tallylock::cli
